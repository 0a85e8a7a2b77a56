// What a pause that ends gives back: `enter` and `settle` of `PausedTime`, on the length of any one target's ledger.
// gEntry is the place that any one trip remembers.
'use strict';
const { cut, once, one } = require('./source');

const PROPERTIES = {
  ledger: 'the place that a trip remembers is in its ledger, so that giving back is never refused',
};

const FAULTS = [['ledger', 'entry = uint64(ledger.spans.length);\n', 'entry = uint64(ledger.spans.length) + 1;\n']];

/** What the checker reads. */
function contract({ guardian, pausedTime }) {
  once(guardian, 't.entry = ledger.enter(t.until);', '');
  once(guardian, '.settle(_trips[mandateId].entry);', '');
  if (pausedTime.match(/spans\.(push|pop)|delete/g).length !== 1) throw new Error('PausedTime.sol: the ledger changes its length elsewhere');
  const enter = cut(pausedTime, 'enter');
  const place = one(enter, '        entry = [^;]*;\n').replace('ledger.spans.length', 'gLength');
  one(enter.slice(enter.indexOf(one(enter, 'entry = '))), ' {8}ledger\\.spans\\.push\\(Span\\([^;]*;\n');
  one(cut(pausedTime, 'settle'), '\\{\n {8}Span storage s = ledger\\.spans\\[entry\\];\n {8}if \\(s\\.to > block\\.timestamp\\) s\\.to = uint64\\(block\\.timestamp\\);\n {4}}');
  return `// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

contract Proof {
    uint64 private gLength; // of fewer than 2^64 spans
    uint64 private gEntry;
    bool private gTripped;

    function pull(bool mine) external {
        uint64 entry;
${place}        require(gLength < type(uint64).max);
        gLength++;
        if (mine) {
            gEntry = entry;
            gTripped = true;
        }
    }

    function close() external {
        require(gTripped);
        assert(gEntry < gLength); /*ledger*/
        gTripped = false;
    }
}
`;
}

module.exports = { file: 'PausedTime.sol', FAULTS, PROPERTIES, contract };
