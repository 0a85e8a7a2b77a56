// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {vm} from "./Cheats.sol";

/// Deploys contracts from the bytecode that their makers publish in npm packages.
abstract contract Published {
    function deploy(string memory artifact, bytes memory arguments) internal returns (address created) {
        string memory json = vm.readFile(string.concat("node_modules/", artifact));
        bytes memory code = bytes.concat(vm.parseJsonBytes(json, ".bytecode"), arguments);
        assembly ("memory-safe") {
            created := create(0, add(code, 32), mload(code))
        }
        require(created != address(0), artifact);
    }
}
