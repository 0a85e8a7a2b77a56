#!/usr/bin/env node
// Compiles src/**.sol with the npm solc and writes <Name>.json and SHA256SUMS into artifacts/ and, what only tests
// deploy, into the node's test resources. With --check nothing is written: the committed artifacts are compared, and a
// difference exits with 1.
'use strict';
const crypto = require('crypto');
const fs = require('fs');
const path = require('path');
const solc = require('solc');

const FOLDERS = {
  artifacts: ['DemoToken', 'Guardian', 'RiggedPrice', 'SisterLender', 'SpotAttack', 'StrictLender'],
  '../node/src/test/resources/staged': [
    'Account', 'AnyCall', 'BadBooks', 'BalanceLender', 'BurnToken', 'CoarseVault', 'Compounder', 'Counter',
    'CreditBook', 'DepositLender', 'EtherBank', 'EtherPool', 'FeeFarm', 'FeeToken', 'FeedLender', 'ForkPair',
    'HookFarm', 'HookToken', 'ListDrop', 'LooseAllowance', 'LooseCollector', 'LooseDeposits', 'LooseOwner', 'Lottery',
    'NaiveVault', 'OpenDelegate', 'OpenFeed', 'OpenProxy', 'OpenSweep', 'OpenToken', 'OpenTreasury',
    'PoolShareLender', 'RateLender', 'RewardShares', 'RootBridge', 'Router', 'ShareMarket', 'ShareVault',
    'SlackLender', 'TaxToken', 'Thug', 'Till', 'TwoCoinBank', 'UupsVault', 'VoteTreasury', 'VoucherDesk',
  ],
};

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

  const compiled = {};
  for (const contracts of Object.values(output.contracts)) Object.assign(compiled, contracts);
  return compiled;
}

function artifacts(compiled, names) {
  const files = {};
  for (const name of names) {
    if (!compiled[name]) throw new Error(`no source defines ${name}`);
    files[`${name}.json`] = pretty(name, compiled[name]);
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

const compiled = compile();
for (const [folder, names] of Object.entries(FOLDERS)) {
  const target = path.join(__dirname, folder);
  const files = artifacts(compiled, names);
  const differing = Object.keys(files).filter((name) => {
    const file = path.join(target, name);
    return !fs.existsSync(file) || fs.readFileSync(file, 'utf8') !== files[name];
  });
  const stray = fs.existsSync(target) ? fs.readdirSync(target).filter((name) => !files[name]) : [];
  if (process.argv.includes('--check')) {
    for (const name of differing) console.error(`${folder}/${name} differs from what its source compiles to; run: node compile.js`);
    for (const name of stray) console.error(`${folder}/${name} belongs to no source; run: node compile.js`);
    if (differing.length + stray.length) process.exitCode = 1;
  } else {
    fs.mkdirSync(target, { recursive: true });
    for (const name of stray) fs.rmSync(path.join(target, name));
    for (const [name, content] of Object.entries(files)) fs.writeFileSync(path.join(target, name), content);
    process.stdout.write(files.SHA256SUMS);
  }
}
