// Parts of a contract's source, word by word. An edit must match exactly once, so that no change of the source slips past the proofs.
'use strict';

/** `text` with its one `find` replaced. */
function once(text, find, put) {
  const parts = text.split(find);
  if (parts.length !== 2) throw new Error(`${parts.length - 1} matches of: ${find.trim()}`);
  return parts.join(put);
}

/** The one match of `pattern`. */
function one(source, pattern) {
  const found = [...source.matchAll(new RegExp(pattern, 'g'))];
  if (found.length !== 1) throw new Error(`${found.length} matches of: ${pattern}`);
  return found[0][0];
}

/** The text of one function, from its name to its closing brace. */
const cut = (source, name) => one(source, `    function ${name}\\([\\s\\S]*?\\n    }\\n`);

/** The text of one struct. */
const struct = (source, name) => one(source, `struct ${name} \\{[\\s\\S]*?\\n}\\n`);

/** Reasons of refusals are left out: the checker knows no errors. */
const bare = (text) => text.replace(/revert \w+\([^;]*\);/g, 'revert();');

module.exports = { bare, cut, once, one, struct };
