// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// The few cheat codes of forge that the tests use.
interface Cheats {
    function warp(uint256 time) external;
    function roll(uint256 number) external;
    function chainId(uint256 id) external;
    function prank(address sender) external;
    function startPrank(address sender) external;
    function stopPrank() external;
    function expectRevert(bytes calldata data) external;
    function expectRevert(bytes4 selector) external;
    function expectPartialRevert(bytes4 selector) external;
    function expectRevert() external;
    function addr(uint256 key) external returns (address);
    function sign(uint256 key, bytes32 digest) external returns (uint8 v, bytes32 r, bytes32 s);
    function etch(address target, bytes calldata code) external;
    function readFile(string calldata path) external view returns (string memory);
    function parseJsonBytes(string calldata json, string calldata key) external pure returns (bytes memory);
    function cool(address account) external;
    function assume(bool condition) external;
    function toString(uint256 value) external pure returns (string memory);
}

Cheats constant vm = Cheats(address(uint160(uint256(keccak256("hevm cheat code")))));

/// Prints a line with a figure; `forge test -vv` shows it.
function print(string memory what, uint256 figure) view {
    (bool ok,) = address(0x000000000000000000636F6e736F6c652e6c6f67).staticcall(
        abi.encodeWithSignature("log(string,uint256)", what, figure)
    );
    require(ok);
}
