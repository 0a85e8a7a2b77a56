#!/usr/bin/env node
// Proves with the SMTChecker (CHC, z3 inside the npm solc) what the contracts rest on: node prove.js [--faults] [NAME...]
// With --faults no property may be proved with a fault planted in it. Exit 1: something is not proved, or a fault passes.
'use strict';
const fs = require('fs');
const path = require('path');
const solc = require('solc');
const { once } = require('./proof/source');

const PROOFS = ['quorum', 'mandates', 'trips', 'release', 'ledger'];
const SAFE = '9576';
const read = (file) => fs.readFileSync(path.join(__dirname, 'src', file), 'utf8');
const camel = (file) => file[0].toLowerCase() + file.slice(1, -'.sol'.length);
const SOURCES = Object.fromEntries(
  ['Federation.sol', 'Guardian.sol', 'Owned.sol', 'PausedTime.sol'].map((file) => [camel(file), read(file)]),
);
SOURCES.types = read('TocsinTypes.sol');
const ASSERTION = /assert\([^;]*\); \/\*(\w+)\*\//g;

/** The properties that hold, each assertion of theirs being proved, and those with a counterexample; of `only` if one is named. */
function check(proof, sources, only) {
  const text = proof.contract(sources).replace(ASSERTION, (all, p) => (only && p !== only ? '' : all));
  const modelChecker = {
    engine: 'chc',
    solvers: ['z3'],
    targets: ['assert'],
    showProvedSafe: true,
    showUnproved: true,
    contracts: { 'proof/Proof.sol': ['Proof'] },
  };
  const settings = { evmVersion: 'cancun', modelChecker, outputSelection: { '*': { '*': [] } } };
  const files = { 'src/TocsinTypes.sol': { content: SOURCES.types }, 'proof/Proof.sol': { content: text } };
  const output = JSON.parse(solc.compile(JSON.stringify({ language: 'Solidity', sources: files, settings })));
  const proved = [];
  const refuted = [];
  for (const e of output.errors || []) {
    if (e.severity === 'error') throw new Error(e.formattedMessage);
    const word = e.message.startsWith('CHC: ') && /^[^;]*; \/\*(\w+)\*\//.exec(text.slice(e.sourceLocation.start));
    if (!word) continue;
    if (e.errorCode === SAFE) proved.push(word[1]);
    else if (/ happens here/.test(e.message)) refuted.push(word[1]);
  }
  const asserted = [...text.matchAll(ASSERTION)].map((m) => m[1]);
  const holds = Object.keys(proof.PROPERTIES).filter(
    (p) => asserted.includes(p) && proved.filter((w) => w === p).length === asserted.filter((w) => w === p).length,
  );
  return { holds, refuted };
}

const names = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
let failed = false;
for (const name of names.length ? names : PROOFS) {
  const proof = require(`./proof/${name}`);
  const { holds } = check(proof, SOURCES);
  for (const [property, sentence] of Object.entries(proof.PROPERTIES)) {
    console.log(`${holds.includes(property) ? 'proved  ' : 'UNPROVED'}  ${property}: ${sentence}`);
    failed = failed || !holds.includes(property);
  }
  if (process.argv.includes('--faults')) {
    for (const [property, find, put] of proof.FAULTS) {
      const at = camel(proof.file);
      const found = check(proof, { ...SOURCES, [at]: once(SOURCES[at], find, put) }, property);
      const passes = found.holds.includes(property);
      const word = passes ? 'PASSES  ' : found.refuted.includes(property) ? 'refuted ' : 'unproved';
      console.log(`${word}  ${property}: ${find} -> ${put}`.replace(/\s+/g, ' '));
      failed = failed || passes;
    }
  }
}
process.exitCode = failed ? 1 : 0;
