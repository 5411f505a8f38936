// Makes the agents' keys, and the seed file that has the gateway trust them.
import fs from 'node:fs';

const make = async (algorithm) => {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  return { secret: await crypto.subtle.exportKey('jwk', privateKey), open: await crypto.subtle.exportKey('jwk', publicKey) };
};
const bare = ({ kty, crv, x, y, n, e }) => ({ kty, crv, x, y, n, e });

const keys = {
  ed25519: await make({ name: 'Ed25519' }),
  rsa: await make({ name: 'RSA-PSS', hash: 'SHA-512', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) }),
  ec: await make({ name: 'ECDSA', namedCurve: 'P-256' }),
  stranger: await make({ name: 'Ed25519' }),
};
fs.writeFileSync('private.json', JSON.stringify(Object.fromEntries(Object.entries(keys).map(([name, key]) => [name, key.secret]))));
fs.writeFileSync('seed.json', JSON.stringify({
  trusted_agents: [{ agent: 'https://agent.example', authority: 'shop.example', keys: [bare(keys.ed25519.open), bare(keys.rsa.open), bare(keys.ec.open)] }],
}));
