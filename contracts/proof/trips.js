// What comes before a pause: the guardian's own `trip`, `tripLocal`, up to `_pull`, which makes the call.
// m is any one mandate; whether the quorum, the subject and the mandate's standing are accepted is anything: quorum.js and
// mandates.js prove what that takes.
'use strict';
const { bare, cut, once, one, struct } = require('./source');

const PROPERTIES = {
  certificate: "nothing is paused but on the quorum's word on this very claim, or in the local budget on a caller's",
  subject: 'nothing is paused but for a permitted subject, of this chain unless the budget is derived',
  kind: 'a budget is drawn on by its own kind of claim only, not by one from the future or older than the mandate allows',
};

const FAULTS = [
  ['certificate', '        _requireQuorum(claim, certificate.epoch, certificate.signatures);\n', ''],
  ['certificate', 'if (m.budgetClass != LOCAL) revert NotLocal();', ''],
  ['subject', '        _requireSubject(m, chainHash, subject, proof);\n        _requireQuorum', '        _requireQuorum'],
  ['subject', 'if (m.budgetClass != DERIVED && chainHash', 'if (m.budgetClass == DERIVED && chainHash'],
  ['kind', 'block.timestamp - time > m.limits.maxAge', 'block.timestamp - time > uint256(m.limits.maxAge) * 2'],
  ['kind', ' || m.kinds & (1 << (certificate.kind - 1)) == 0', ''],
];

const CALLS = { _call: 3, _send: 3, 'to.call': 1 };

/** What the checker reads. */
function contract({ guardian, types }) {
  // No other function makes a call: _pull and _makeWay, which it calls; _unpull, for which release.js stands.
  for (const [name, uses] of Object.entries(CALLS)) {
    const text = cut(guardian, '_pull') + cut(guardian, '_makeWay') + cut(guardian, '_unpull') + cut(guardian, '_call') + cut(guardian, '_send');
    const count = (source) => source.split(`${name}(`).length - 1;
    if (count(text) !== uses || count(guardian) !== uses) throw new Error(`Guardian.sol: ${name} is called elsewhere`);
  }
  if (guardian.split('_pull(').length !== 4) throw new Error('Guardian.sol: _pull is called elsewhere');
  one(cut(guardian, '_check'), 'if \\(m\\.kinds != \\(m\\.budgetClass == LOCAL \\? 0 : m\\.budgetClass == PENDING \\? 2 : 1\\)\\)');
  const begin = (name) => {
    const text = once(cut(guardian, name), '        Mandate storage m = _ready(mandateId);\n', '        _begin();\n').replace(/external\s+alone/, 'external');
    return text.replace('m, chainHash, subject, proof', 'chainHash').replace(/Hashes\.ownChain\(\)/g, 'gOwnChain');
  };
  let trip = begin('trip');
  trip = once(trip, 'Certificate calldata certificate, bytes32[] calldata proof', 'uint8 kind, bytes32 claim, bytes32 chainHash, bytes32 transaction, uint64 time');
  trip = once(trip, one(trip, ' {8}\\(bytes32 claim, [^;]*;\n'), '');
  trip = trip.replace(/certificate\.kind/g, 'kind').replace('_requireQuorum(claim, certificate.epoch, certificate.signatures)', '_requireQuorum(claim)');
  // of the kinds 1 and 2 the bit is the number, and no mandate has another
  trip = trip.replace('m.kinds & (1 << (kind - 1)) == 0', 'm.kinds != kind');
  trip = once(trip, '        _consume(mandateId, kind, chainHash, transaction);\n', '');
  trip = once(trip, '_pull(mandateId, m, claim, kind, transaction);', `assert(time <= block.timestamp && block.timestamp - time <= m.limits.maxAge); /*kind*/
        _pull(claim, kind);`);
  let local = begin('tripLocal');
  local = once(local, 'address subject, bytes32 transaction, bytes32[] calldata proof', 'bytes32 transaction');
  local = once(local, '        _consume(mandateId, 0, chainHash, transaction);\n', '');
  local = once(local, '_pull(mandateId, m, 0, 0, transaction);', '_pull(0, 0);');
  return `// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;
import {DIRECT, DERIVED, PENDING, LOCAL, EXPLOIT_MINED, EXPLOIT_PENDING} from "../src/TocsinTypes.sol";

contract Proof {
    ${struct(types, 'Limits')}
    struct Mandate { uint8 budgetClass; uint8 kinds; Limits limits; }

    Mandate private m;
    bytes32 private gOwnChain;
    bool private gReady; // what is accepted
    bool private gValid;
    bool private gPermitted;
    bytes32 private gClaim; // what was accepted in this call
    bool private gConfirmed;
    bytes32 private gChain;
    bool private gSubject;

    constructor(Mandate memory mandate, bytes32 ownChain) {
        m = mandate;
        gOwnChain = ownChain;
    }

    function any(bool ready, bool valid, bool permitted) external {
        gReady = ready;
        gValid = valid;
        gPermitted = permitted;
    }

    function _begin() private {
        require(gReady);
        require(m.kinds == (m.budgetClass == LOCAL ? 0 : m.budgetClass == PENDING ? 2 : 1)); // by _check
        gConfirmed = false;
        gSubject = false;
    }

    function _requireQuorum(bytes32 claim) private {
        require(gValid);
        gConfirmed = true;
        gClaim = claim;
    }

    function _requireSubject(bytes32 chainHash) private {
        require(gPermitted);
        gSubject = true;
        gChain = chainHash;
    }

    function _pull(bytes32 claim, uint8 kind) private view {
        assert(m.budgetClass == LOCAL || (gConfirmed && gClaim == claim)); /*certificate*/
        assert(gSubject && (m.budgetClass == DERIVED || gChain == gOwnChain)); /*subject*/
        assert(kind == (m.budgetClass == LOCAL ? 0 : m.budgetClass == PENDING ? EXPLOIT_PENDING : EXPLOIT_MINED)); /*kind*/
    }

${bare(trip)}
${bare(local)}
}
`;
}

module.exports = { file: 'Guardian.sol', FAULTS, PROPERTIES, contract };
