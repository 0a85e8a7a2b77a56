// How one trip ends: the guardian's own `release`, `lift`, `_unpull`, `_close`, `_tripped` and `_due`, and the owner's word of `Owned`.
// t and lever are any one mandate's trip and lever; what the target, its Safe and its probe answer is anything;
// that the ledger refuses nothing is proved by itself (ledger.js).
'use strict';
const { bare, cut, once, one, struct } = require('./source');

const PROPERTIES = {
  release: 'whoever releases a trip past its time meets no refusal but that of the target, its Safe or its probe, or of a call under way',
  early: 'nobody but the owner undoes a pause before its time is over, nor one that he holds or ratified',
  closed: 'a trip that was released is over',
};

const FAULTS = [
  ['release', 'block.timestamp >= t.until', 'block.timestamp > t.until'],
  ['release', 'block.number > t.lastBlock', 'block.number > t.lastBlock + 1'],
  ['release', 'bool undo = _paused(lever.probe);\n', 'bool undo = _paused(lever.probe);\n        if (msg.sender != owner) revert NotOwner();\n'],
  ['early', 'if (held[lever.target]) revert TargetHeld();\n            if (t', 'if (t'],
  ['early', 'if (t.ratified) revert TripRatified();\n            if', 'if'],
  ['early', 'if (!_due(t)) revert NotDue(t.until, t.lastBlock);\n', ''],
  ['early', 'function lift(bytes32 mandateId) external onlyOwner alone', 'function lift(bytes32 mandateId) external alone'],
  ['closed', 'delete _trips[mandateId];', ''],
];

/** Refusals that a release past its time may meet. */
const FOREIGN = ['CallFailed', 'StillPaused', 'ProbeFailed', 'Busy'];

/** Every other refusal is asserted to be out of its reach. */
const refusals = (text) =>
  text.replace(/revert (\w+)\([^;]*\);/g, (all, name) =>
    FOREIGN.includes(name) ? 'revert();' : '{ assert(!gDue); /*release*/ revert(); }',
  );

/** The refusals of `text` are all of `names`; so it may be left out. */
function only(text, names) {
  for (const [, name] of text.matchAll(/revert (\w+)\(/g)) {
    if (!names.includes(name)) throw new Error(`${name} is refused where only ${names} is known`);
  }
}

/** What the checker reads. */
function contract({ guardian, owned, types }) {
  const own = (name) =>
    cut(guardian, name)
      .replace(/ +emit [^;]*;\n/, '')
      .replace(/ +(Trip|Lever) storage \w+ = [^;]*;\n/g, (line) => (line.includes('_tripped') ? '        _tripped();\n' : ''))
      .replace('        _tripped(mandateId);', '        _tripped();')
      .replace(/held\[(lever\.)?target\]/g, 'held')
      .replace(/_due\(t\)/g, '_due()')
      .replace('_unpull(mandateId, lever, ', '_unpull(')
      .replace(/(_tripped|_due|_unpull|_close)\([^)]*\) private(?: view)?(?: returns \(Trip storage t\))?/, (all, f) => `${f}(${all.includes('bool undo') ? 'bool undo' : ''}) private`);
  only(cut(guardian, '_call') + cut(guardian, '_send'), ['CallFailed']);
  only(cut(guardian, '_paused'), ['ProbeFailed']);
  const before = (name) => once(own(name), '_paused(lever.probe)', '_paused(gBefore)');
  const release = once(before('release'), ' alone {\n', ` alone {
        gDue = t.at != 0 && (block.timestamp >= t.until || (t.lastBlock != 0 && block.number > t.lastBlock))
            && !held && !t.ratified;
`);
  let close = own('_close').replace(/ +delete _holders\[[^;]*;\n/, '').replace('delete _trips[mandateId]', 'delete t');
  close = once(close, '        _ledgers[_mandates[mandateId].lever.target].settle(_trips[mandateId].entry);\n', '');
  let unpull = once(own('_unpull'), '        _close(mandateId);\n', `        assert(!undo || msg.sender == owner || gDue); /*early*/
        _close();
        assert(t.at == 0); /*closed*/
`);
  unpull = once(unpull, '_call(lever, lever.releaseCall);', 'if (!gCalled) revert();');
  unpull = once(unpull, '_paused(lever.probe)', '_paused(gAfter)');
  const tripped = once(own('_tripped'), '        t = _trips[mandateId];\n', '');
  return `// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

contract Proof {
    ${struct(types, 'Trip')}
    address public owner;
    Trip private t;
    bool private held; // the owner holds the target
    bool private _busy;
    bool private gDue; // this release is of a trip past its time, neither held nor ratified
    bool private gRead; // what probe and target answer
    bool private gBefore;
    bool private gCalled;
    bool private gAfter;

    constructor(address first) {
        owner = first;
    }

    function answer(bool read, bool before, bool called, bool after_) external {
        gRead = read;
        gBefore = before;
        gCalled = called;
        gAfter = after_;
    }

    function handOver(address to) external onlyOwner {
        owner = to;
    }

    /// Any trip.
    function pull(uint64 at, uint64 until, uint64 lastBlock) external {
        require(at != 0);
        t.at = at;
        t.until = until;
        t.lastBlock = lastBlock;
        t.ratified = false;
    }

    function takenOver() external {
        gDue = false;
        _close();
    }

${one(owned, '    modifier onlyOwner\\(\\) \\{[\\s\\S]*?\\n    }\\n')}
${bare(once(cut(owned, '_requireOwner'), ' private view', ' private'))}
${one(guardian, '    modifier alone\\(\\) \\{[\\s\\S]*?\\n    }\\n').replace('        _;\n', '        gDue = false;\n        _;\n')}
${bare(own('_enter'))}
${refusals(release)}
${refusals(before('lift'))}
${bare(once(own('ratify'), ' {\n', ' {\n        gDue = false;\n'))}
${bare(own('hold'))}
${bare(own('letGo'))}
${refusals(unpull)}
${close}
${refusals(tripped)}
${own('_due')}
    function _paused(bool answer_) private returns (bool) {
        if (!gRead) revert();
        return answer_;
    }
}
`;
}

module.exports = { file: 'Guardian.sol', FAULTS, PROPERTIES, contract };
