// How often and when one mandate trips: the guardian's own `_ready`, `veto` and `narrow`, the standing that `_add` gives,
// and what `_pull` takes from it. m and s are any one mandate and its standing.
'use strict';
const { bare, cut, once, one } = require('./source');

const PROPERTIES = {
  uses: 'no mandate trips more often than its owner wrote, and never more often than he narrowed it to',
  expiry: 'no mandate trips at its expiry or later, nor at the one that it was narrowed to',
  veto: 'no vetoed mandate trips, and none before its waiting time is over',
  cooldown: 'no mandate trips sooner after its last trip than its cooldown',
  caller: 'none trips a mandate but its callers',
};

const FAULTS = [
  ['uses', 'if (s.usesLeft == 0) revert NoUsesLeft();', ''],
  ['uses', 's.usesLeft--;', ''],
  ['uses', 'if (usesLeft > s.usesLeft || ', 'if ('],
  ['expiry', 'if (block.timestamp >= s.expiry)', 'if (block.timestamp > s.expiry)'],
  ['expiry', ' || expiry > s.expiry)', ')'],
  ['veto', 'if (s.vetoed) revert MandateIsVetoed();\n        if (block', 'if (block'],
  ['veto', 'if (block.timestamp < s.activeFrom) revert MandateNotActive(s.activeFrom);', ''],
  ['cooldown', 's.lastTrip = t.at;', ''],
  ['caller', 'if (!_callers[mandateId][msg.sender]) revert NotACaller(msg.sender);\n        if (s', 'if (s'],
];

/** What the checker reads. */
function contract({ guardian, types }) {
  let ready = cut(guardian, '_ready');
  ready = once(ready, ' private view returns (Mandate storage m)', ' private');
  ready = once(ready, '        Standing storage s = _standing(mandateId);\n', '        if (s.leverId == 0) revert();\n');
  ready = once(ready, '        m = _mandates[mandateId];\n', '');
  const change = (name) => {
    const text = cut(guardian, name).replace(/ +emit [^;]*;\n/, '');
    return once(once(text, '        Standing storage s = _standing(mandateId);\n', '        if (s.leverId == 0) revert();\n'), ' onlyOwner', '');
  };
  const veto = change('veto').replace(/\n {4}}\n$/, '\n        gVetoed = true;\n    }\n');
  const narrow = change('narrow').replace(
    /\n {4}}\n$/,
    '\n        assert(usesLeft <= gLeft); /*uses*/\n        gLeft = usesLeft;\n        gExpiry = expiry;\n    }\n',
  );
  let standing = one(guardian, ' = (Standing\\([\\s\\S]*?\\);)');
  standing = once(standing, 'keccak256(abi.encode(m.lever))', 'lever');
  standing = once(standing, 'keccak256(abi.encode(m.lever.probe))', 'probe');
  const pull = cut(guardian, '_pull');
  const at = once(one(pull, 't\\.at = [^;]*;'), 't.at', 'at');
  const spend = ['s\\.usesLeft[^;]*;\n', 's\\.lastTrip = [^;]*;\n'].map((p) => (pull.match(p) || [''])[0].replace('t.at', 'at'));
  return `// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

contract Proof {
    ${one(types, 'struct Limits \\{[\\s\\S]*?\\n}\\n')}
    ${one(types, 'struct Standing \\{[\\s\\S]*?\\n}\\n')}
    struct Mandate { Limits limits; }

    Mandate private m;
    Standing private s;
    mapping(bytes32 mandateId => mapping(address caller => bool)) private _callers;
    uint256 private gLeft; // as many trips as the owner allowed, less those that there were
    uint256 private gExpiry;
    uint64 private gLast;
    bool private gVetoed;

    /// Adds the mandate; hashes are not zero.
    function add(Limits memory limits, bytes32 lever, bytes32 probe, uint64 activeFrom) external {
        require(s.leverId == 0 && lever != 0);
        m.limits = limits;
        s${standing}
        gLeft = limits.uses;
        gExpiry = limits.expiry;
    }

    function setCaller(bytes32 mandateId, address caller, bool is_) external {
        _callers[mandateId][caller] = is_;
    }

${bare(veto)}
${bare(narrow)}
${bare(ready)}
    /// What lies between may refuse; then nothing of this happened.
    function trip(bytes32 mandateId) external {
        require(block.timestamp < 2 ** 63); // seconds
        _ready(mandateId);
        assert(gLeft > 0); /*uses*/
        assert(block.timestamp < m.limits.expiry && block.timestamp < gExpiry); /*expiry*/
        assert(!gVetoed && block.timestamp >= s.activeFrom); /*veto*/
        assert(gLast == 0 || block.timestamp >= uint256(gLast) + m.limits.cooldown); /*cooldown*/
        assert(_callers[mandateId][msg.sender]); /*caller*/
        uint64 ${at}
        ${spend.join('        ')}
        gLeft--;
        gLast = uint64(block.timestamp);
    }
}
`;
}

module.exports = { file: 'Guardian.sol', FAULTS, PROPERTIES, contract };
