// Compiles the contracts here with solc into ../compiled/contracts.json: for
// each contract its ABI, creation code and runtime code.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
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
    viaIR: false,
    optimizer: { enabled: true, runs: 200 },
    metadata: { bytecodeHash: 'none', appendCBOR: false },
    outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object', 'evm.deployedBytecode.object'] } },
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
const faults = (output.errors ?? []).filter((e) => e.severity === 'error' || e.sourceLocation?.file in sources);
for (const fault of faults) {
  console.error(fault.formattedMessage);
}
if (faults.length > 0) {
  process.exit(1);
}

const compiled = {};
for (const file of Object.keys(output.contracts).sort()) {
  for (const [name, contract] of Object.entries(output.contracts[file])) {
    const code = contract.evm.bytecode.object;
    if (code !== '') {
      compiled[name] = { abi: contract.abi, code, runtime: contract.evm.deployedBytecode.object };
    }
  }
}
const text = JSON.stringify({ compiler: solc.version(), contracts: compiled });
writeFileSync(join(here, '..', 'compiled', 'contracts.json'), text);
console.log(`extract/testchain/compiled/contracts.json ${text.length} bytes, ${solc.version()}`);
