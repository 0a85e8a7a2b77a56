// The federation's own `_requireQuorum` and `_accepted`, cut out of its source word by word, with any signer recovered
// from any signature. gAccount is any one account, gCounted the weight that it was counted with.
'use strict';
const { bare, cut, once } = require('./source');

/** What is proved: the word that follows its assertions. */
const PROPERTIES = {
  quorum: "a certificate passes only with more than two thirds of the epoch's weight",
  weight: 'no account counts more than once, nor more than its weight; a revoked one counts nothing',
  epoch: 'only the epoch in force counts, or the one before for an hour; only within its own time',
};

/** [property, text of the source, what a careless hand makes of it]: the checker must refute each. */
const FAULTS = [
  ['quorum', 'if (weight * 3 <= uint256(e.weight) * 2)', 'if (weight * 3 < uint256(e.weight) * 2)'],
  ['weight', 'if (signer <= last) revert SignersNotAscending();', 'if (signer < last) revert SignersNotAscending();'],
  ['weight', 'if (!revoked[signer]) weight += own;', 'weight += own;'],
  ['epoch', 'block.timestamp > e.validUntil', 'block.timestamp < e.validUntil'],
  ['epoch', 'epoch == current - 1 && ', 'epoch < current && '],
];

/** What the checker reads. */
function contract({ federation: source }) {
  let check = cut(source, '_requireQuorum');
  check = once(check, '_signer(digest, signatures[i * 65:i * 65 + 65])', 'gSigners[i]');
  check = once(check, 'attestationDigest(claim, epoch, CONFIRM)', 'keccak256(abi.encode(claim, epoch, CONFIRM))');
  check = once(check, 'uint64 own = ', 'uint256 before = weight;\n            uint64 own = ');
  check = check.replace(
    /( {12}(?:if \(!revoked\[signer\]\) )?weight \+= own;\n)/,
    `$1            if (signer == gAccount) gCounted += weight - before;
            assert(gCounted <= (revoked[gAccount] ? 0 : _weights[e.hash][gAccount])); /*weight*/
`,
  );
  check = check.replace(/\n {4}}\n$/, `
        assert(weight * 3 > uint256(e.weight) * 2); /*quorum*/
    }
`);
  const accepted = cut(source, '_accepted').replace(/\n {4}}\n$/, `
        assert(block.timestamp >= e.from && block.timestamp <= e.validUntil); /*epoch*/
        assert(epoch == current || (epoch + 1 == current && block.timestamp <= uint256(_epochs[current].from) + 1 hours)); /*epoch*/
    }
`);
  return `// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;
import {CONFIRM} from "../src/TocsinTypes.sol";

contract Proof {
    struct Epoch { bytes32 hash; uint64 from; uint64 validUntil; uint32 members; uint128 weight; }
    uint256 private constant GRACE = 1 hours;
    uint64 public latestEpoch;
    mapping(uint64 epoch => Epoch) private _epochs;
    mapping(bytes32 rosterHash => mapping(address account => uint64)) private _weights;
    mapping(address account => bool) public revoked;
    mapping(uint256 => address) private gSigners;
    address private gAccount;
    uint256 private gCounted;

    /// Any state, any certificate.
    function any(uint64 latest, Epoch memory e, uint64 number, bytes32 roster, address account, uint64 weight, bool isRevoked, uint256 i, address signer) external {
        latestEpoch = latest;
        _epochs[number] = e;
        _weights[roster][account] = weight;
        revoked[account] = isRevoked;
        gSigners[i] = signer;
        gAccount = account;
    }

    function require_(bytes32 claim, uint64 epoch, bytes calldata signatures) external {
        gCounted = 0;
        _requireQuorum(claim, epoch, signatures);
    }

${cut(source, 'currentEpoch')}
${bare(check).replace('internal view', 'internal')}
${bare(accepted)}
}
`;
}

module.exports = { file: 'Federation.sol', FAULTS, PROPERTIES, contract };
