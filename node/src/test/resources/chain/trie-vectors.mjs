// Writes trie-vectors.json.gz: roots and proofs of random tries as @ethereumjs/mpt makes them.
//   npm install --no-save --ignore-scripts @ethereumjs/mpt@10.1.3 && node trie-vectors.mjs
// TrieVectors.java draws the same tries from the same hashes.
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { createMerkleProof, MerklePatriciaTrie } from '@ethereumjs/mpt';
import { RLP } from '@ethereumjs/rlp';

const TRIES = 3000;
const PROVEN = 90;
const BYTES = [0x00, 0x01, 0x10, 0x11, 0xff];

class Draw {
  constructor(trie) {
    this.trie = trie;
    this.round = 0;
    this.rest = [];
  }

  byte() {
    if (this.rest.length === 0) {
      this.rest = [...createHash('sha256').update(`trie ${this.trie} ${this.round++}`).digest()];
    }
    return this.rest.shift();
  }

  bytes(length) {
    return Uint8Array.from({ length }, () => this.byte());
  }

  key(kind) {
    return kind === 0 ? this.bytes(32) : Uint8Array.from({ length: 1 + (this.byte() % 4) }, () => BYTES[this.byte() % 5]);
  }

  entries() {
    const kind = this.byte() % 3;
    const entries = new Map();
    const size = kind === 2 ? 1 + this.byte() + (this.trie % 50 === 0 ? 300 : 0) : 1 + (this.byte() % 64);
    for (let i = 0; i < size; i++) {
      const key = kind === 2 ? RLP.encode(i) : this.key(kind);
      entries.set(hex(key), this.bytes(1 + (this.byte() % 80)));
    }
    return { kind, entries };
  }
}

const hex = (bytes) => Buffer.from(bytes).toString('hex');
const bytes = (text) => Uint8Array.from(Buffer.from(text, 'hex'));

// The nodes that stand for themselves; a node within its parent is in the parent already.
async function prove(trie, key) {
  const nodes = await createMerkleProof(trie, bytes(key));
  return nodes.filter((node, i) => i === 0 || node.length >= 32).map(hex);
}

const out = { roots: [], proofs: [] };
for (let i = 0; i < TRIES; i++) {
  const draw = new Draw(i);
  const { kind, entries } = draw.entries();
  const trie = new MerklePatriciaTrie();
  for (const [key, value] of entries) {
    await trie.put(bytes(key), value);
  }
  out.roots.push(hex(trie.root()).slice(0, 16));
  if (i < PROVEN && kind < 2) {
    const keys = [...entries.keys()].slice(0, 2);
    const near = bytes(keys[0]);
    near[near.length - 1] ^= 1;
    for (const key of [...keys, hex(near), hex(draw.key(kind))]) {
      const value = entries.get(key);
      out.proofs.push({ root: hex(trie.root()), key, value: value ? hex(value) : null, nodes: await prove(trie, key) });
    }
  }
}
writeFileSync('trie-vectors.json.gz', gzipSync(JSON.stringify(out), { level: 9 }));
console.log(`${out.roots.length} roots, ${out.proofs.length} proofs, ${out.proofs.filter((p) => p.value === null).length} of absence`);
