// Compiles the contracts here with solc and prints, for each, its ABI and its
// creation code, as JSON.
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const solc = createRequire(import.meta.url)('solc');
const here = dirname(fileURLToPath(import.meta.url));

const sources = {};
for (const name of readdirSync(here).filter((n) => n.endsWith('.sol')).sort()) {
  sources[name] = { content: readFileSync(join(here, name), 'utf8') };
}
const input = {
  language: 'Solidity',
  sources,
  settings: {
    evmVersion: 'cancun',
    optimizer: { enabled: true, runs: 200 },
    outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } },
  },
};
const read = (path) => {
  try {
    return { contents: readFileSync(join(here, 'node_modules', path), 'utf8') };
  } catch (error) {
    return { error: String(error) };
  }
};
const output = JSON.parse(solc.compile(JSON.stringify(input), { import: read }));
const faults = (output.errors ?? []).filter((e) => e.severity === 'error');
for (const fault of faults) {
  console.error(fault.formattedMessage);
}
if (faults.length > 0) {
  process.exit(1);
}
const compiled = {};
for (const file of Object.keys(sources)) {
  for (const [name, contract] of Object.entries(output.contracts[file])) {
    compiled[name] = { abi: contract.abi, bin: contract.evm.bytecode.object };
  }
}
console.log(JSON.stringify(compiled));
