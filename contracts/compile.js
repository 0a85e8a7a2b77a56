#!/usr/bin/env node
// Compiles src/**.sol with the npm solc and writes artifacts/<Name>.json and artifacts/SHA256SUMS.
// With --check nothing is written: the committed artifacts are compared, and a difference exits with 1.
'use strict';
const crypto = require('crypto');
const fs = require('fs');
const path = require('path');
const solc = require('solc');

const ARTIFACTS = path.join(__dirname, 'artifacts');
const PUBLISHED = ['DemoToken', 'Guardian', 'RiggedPrice', 'SisterLender', 'SpotAttack', 'StrictLender'];

const settings = {
  evmVersion: 'cancun',
  optimizer: { enabled: true, runs: 200 },
  metadata: { bytecodeHash: 'none', appendCBOR: false },
  outputSelection: {
    '*': {
      '*': ['abi', 'storageLayout', 'evm.bytecode.object', 'evm.deployedBytecode.object', 'evm.deployedBytecode.immutableReferences'],
    },
  },
};

function sources(folder) {
  return fs
    .readdirSync(path.join(__dirname, folder), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((e) => (e.isDirectory() ? sources(`${folder}/${e.name}`) : e.name.endsWith('.sol') ? [`${folder}/${e.name}`] : []));
}

function imported(name) {
  const file = path.join(__dirname, 'node_modules', name);
  return fs.existsSync(file) ? { contents: fs.readFileSync(file, 'utf8') } : { error: `${name}: not found, run npm ci` };
}

function compile() {
  const input = { language: 'Solidity', sources: {}, settings };
  for (const name of sources('src')) input.sources[name] = { content: fs.readFileSync(path.join(__dirname, name), 'utf8') };
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: imported }));
  const faults = (output.errors || []).filter((e) => e.severity !== 'info');
  for (const e of faults) console.error(e.formattedMessage);
  if (faults.length) process.exit(1);

  const files = {};
  for (const contracts of Object.values(output.contracts)) {
    for (const [contractName, c] of Object.entries(contracts)) {
      if (!PUBLISHED.includes(contractName)) continue;
      files[`${contractName}.json`] = pretty(contractName, c);
    }
  }
  for (const name of PUBLISHED) {
    if (!files[`${name}.json`]) throw new Error(`no source defines ${name}`);
  }
  files.SHA256SUMS = Object.keys(files)
    .sort()
    .map((name) => `${crypto.createHash('sha256').update(files[name]).digest('hex')}  ${name}\n`)
    .join('');
  return files;
}

function pretty(contractName, c) {
  // syntax-tree numbers in the compiler's output depend on what else is compiled: they are replaced or left out
  const references = Object.values(c.evm.deployedBytecode.immutableReferences)
    .flat()
    .sort((a, b) => a.start - b.start);
  const slots = c.storageLayout.storage.map(({ label, slot, offset, type }) => ({
    label,
    slot,
    offset,
    type: type.replace(/\)\d+_/g, ')_'),
  }));
  const artifact = {
    contractName,
    abi: c.abi,
    bytecode: '0x' + c.evm.bytecode.object,
    deployedBytecode: '0x' + c.evm.deployedBytecode.object,
    immutableReferences: references,
    storageLayout: slots,
  };
  return JSON.stringify(artifact, null, 2) + '\n';
}

const files = compile();
const differing = [];
for (const [name, content] of Object.entries(files)) {
  const file = path.join(ARTIFACTS, name);
  const committed = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined;
  if (committed !== content) differing.push(name);
}
const known = new Set(Object.keys(files));
const stray = fs.existsSync(ARTIFACTS) ? fs.readdirSync(ARTIFACTS).filter((name) => !known.has(name)) : [];

if (process.argv.includes('--check')) {
  for (const name of differing) console.error(`artifacts/${name} differs from what its source compiles to; run: node compile.js`);
  for (const name of stray) console.error(`artifacts/${name} belongs to no source; run: node compile.js`);
  process.exitCode = differing.length + stray.length ? 1 : 0;
} else {
  fs.mkdirSync(ARTIFACTS, { recursive: true });
  for (const name of stray) fs.rmSync(path.join(ARTIFACTS, name));
  for (const [name, content] of Object.entries(files)) fs.writeFileSync(path.join(ARTIFACTS, name), content);
  process.stdout.write(files.SHA256SUMS);
}
