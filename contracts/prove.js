#!/usr/bin/env node
// Proves with the SMTChecker (CHC, z3 inside the npm solc) what makes a certificate valid: node prove.js [--faults]
// With --faults the checker must also refute each planted fault. Exit 1: something is not proved, or a fault passes.
'use strict';
const fs = require('fs');
const path = require('path');
const solc = require('solc');
const { FAULTS, PROPERTIES, once, quorum } = require('./proof/quorum');

const SAFE = '9576';
const read = (file) => fs.readFileSync(path.join(__dirname, file), 'utf8');

/** The properties that hold, each assertion of theirs being proved, and those refuted; of `only` if one is named. */
function check(federation, only) {
  const text = quorum(federation).replace(/assert\(.*\/\*(\w+)\*\//g, (all, p) => (only && p !== only ? '' : all));
  const sources = { 'src/TocsinTypes.sol': { content: read('src/TocsinTypes.sol') }, 'proof/Quorum.sol': { content: text } };
  const modelChecker = {
    engine: 'chc',
    solvers: ['z3'],
    targets: ['assert'],
    showProvedSafe: true,
    showUnproved: true,
    contracts: { 'proof/Quorum.sol': ['Quorum'] },
  };
  const settings = { evmVersion: 'cancun', modelChecker, outputSelection: { '*': { '*': [] } } };
  const output = JSON.parse(solc.compile(JSON.stringify({ language: 'Solidity', sources, settings })));
  const proved = [];
  const refuted = [];
  for (const e of output.errors || []) {
    if (e.severity === 'error') throw new Error(e.formattedMessage);
    const word = e.message.startsWith('CHC: ') && /^[^\n]*\/\*(\w+)\*\//.exec(text.slice(e.sourceLocation.start));
    if (!word) continue;
    if (e.errorCode === SAFE) proved.push(word[1]);
    else refuted.push(word[1]);
  }
  const asserted = [...text.matchAll(/assert\(.*\/\*(\w+)\*\//g)].map((m) => m[1]);
  const holds = Object.keys(PROPERTIES).filter(
    (p) => asserted.includes(p) && proved.filter((w) => w === p).length === asserted.filter((w) => w === p).length,
  );
  return { holds, refuted };
}

const source = read('src/Federation.sol');
const { holds } = check(source);
let failed = false;
for (const [name, sentence] of Object.entries(PROPERTIES)) {
  console.log(`${holds.includes(name) ? 'proved  ' : 'UNPROVED'}  ${name}: ${sentence}`);
  failed = failed || !holds.includes(name);
}
if (process.argv.includes('--faults')) {
  for (const [property, find, put] of FAULTS) {
    const caught = check(once(source, find, put), property).refuted.includes(property);
    console.log(`${caught ? 'refuted ' : 'PASSES  '}  ${property}: ${put}`);
    failed = failed || !caught;
  }
}
process.exitCode = failed ? 1 : 0;
