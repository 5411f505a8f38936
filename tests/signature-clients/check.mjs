// Every part prints what it saw; the first that is not as it should be ends the run.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { component, createSignature, verifySignature, webcrypto } from 'http-message-sig';
import { jwkToKeyID, signatureHeaders } from 'web-bot-auth';
import { helpers, signerFromJWK } from 'web-bot-auth/crypto';

const [, , gateway, administrator] = process.argv;
const secrets = JSON.parse(fs.readFileSync('private.json', 'utf8'));
const page = gateway + '/v1/bot-detection/signature';
const directory = gateway + '/.well-known/http-message-signatures-directory';
const keyId = (jwk) => jwkToKeyID(jwk, helpers.WEBCRYPTO_SHA256, helpers.BASE64URL_DECODE);
const seconds = () => Math.floor(Date.now() / 1000);

let seen = 0;
async function part(name, run) {
  try {
    const what = await run();
    console.log(`  ok     ${name}${what ? ': ' + what : ''}`);
    seen++;
  } catch (failure) {
    console.log(`  FAILED ${name}: ${failure.stack}`, failure.cause ?? '');
    process.exit(1);
  }
}

// What the gateway took the sender for: in the headers of any answer, and in the answer of the page that is for it.
async function send(headers, url = page) {
  const answer = await fetch(url, { headers });
  const body = await answer.json();
  return { class: answer.headers.get('agent-class'), score: answer.headers.get('agent-score'), ...body };
}

// ── web-bot-auth ───────────────────────────────────────────────────────────────────────────────────────────────
async function byWebBotAuth(name, { url = page, agent, life = 60_000, at = Date.now() } = {}) {
  const secret = secrets[name];
  // The package knows keys by the algorithm that they name.
  const signer = await signerFromJWK(secret.kty === 'RSA' ? { ...secret, alg: 'PS512' } : secret);
  const request = { method: 'GET', url, headers: agent ? { 'Signature-Agent': agent } : {} };
  const signed = await signatureHeaders(request, signer, { created: new Date(at), expires: new Date(at + life) });
  return { ...request.headers, ...signed };
}

console.log(`web-bot-auth at ${gateway}`);
for (const name of ['ed25519', 'rsa']) {
  await part(`a request that ${name} signed is its agent's`, async () => {
    const read = await send(await byWebBotAuth(name));
    assert.deepEqual([read.class, read.verified, read.agent, read.protocol], ['verified_agent', true, 'https://agent.example', 'web-bot-auth'], JSON.stringify(read));
    return `${read.class}, score ${read.score}, key ${read.key_id}`;
  });
}
await part('with Signature-Agent', async () => assert.equal((await send(await byWebBotAuth('ed25519', { agent: '"https://agent.example"' }))).reason, 'verified'));
await part('on any page of the gateway', async () => {
  const answer = await fetch(gateway + '/v1/products?size=1', { headers: await byWebBotAuth('ed25519', { url: gateway + '/v1/products?size=1' }) });
  assert.deepEqual([answer.status, answer.headers.get('agent-class')], [200, 'verified_agent']);
});
await part('a key that nobody knows', async () => {
  const read = await send(await byWebBotAuth('stranger'));
  assert.deepEqual([read.verified, read.reason], [false, 'unknown_key']);
  assert.notEqual(read.class, 'verified_agent');
});
await part('the same request twice', async () => {
  const headers = await byWebBotAuth('ed25519');
  assert.equal((await send(headers)).reason, 'verified');
  assert.equal((await send(headers)).reason, 'replay');
});
await part('for another host', async () => assert.equal((await send(await byWebBotAuth('ed25519', { url: 'https://other.example/' }))).reason, 'bad_signature'));
await part('expired', async () => assert.equal((await send(await byWebBotAuth('ed25519', { at: Date.now() - 120_000 }))).reason, 'expired'));
await part('for two days', async () => assert.equal((await send(await byWebBotAuth('ed25519', { life: 172_800_000 }))).reason, 'life_too_long'));
await part('with another agent than was signed', async () => {
  const headers = await byWebBotAuth('ed25519', { agent: '"https://agent.example"' });
  assert.equal((await send({ ...headers, 'Signature-Agent': '"https://evil.example"' })).reason, 'bad_signature');
});

// ── http-message-sig ───────────────────────────────────────────────────────────────────────────────────────────
async function byHttpMessageSig(name, components, { tag = 'web-bot-auth', headers = {}, url = page, at = seconds(), life = 60 } = {}) {
  const secret = secrets[name];
  const algorithm = { OKP: { name: 'Ed25519' }, RSA: { name: 'RSA-PSS', hash: 'SHA-512' }, EC: { name: 'ECDSA', namedCurve: 'P-256' } }[secret.kty];
  const key = await crypto.subtle.importKey('jwk', { ...secret, key_ops: undefined, alg: undefined, ext: undefined }, algorithm, false, ['sign']);
  const fields = await createSignature(new Request(url, { headers }), {
    label: 'sig2',
    components,
    parameters: { created: at, expires: at + life, keyid: await keyId(secret), nonce: crypto.randomUUID(), tag },
    // The package has no signer for ECDSA of its own, and takes one.
    signer: secret.kty === 'EC' ? { algorithm: 'ecdsa-p256-sha256', sign: async (data) => new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key, data)) } : webcrypto.signer(key),
  });
  return { ...headers, 'Signature-Input': fields.signatureInput, Signature: fields.signature };
}

console.log(`http-message-sig at ${gateway}`);
for (const name of ['ed25519', 'rsa', 'ec']) {
  await part(`${name} over method, authority, path and query`, async () => {
    const read = await send(await byHttpMessageSig(name, ['@method', '@authority', '@path', '@query'], { url: page + '?x=%20y' }), page + '?x=%20y');
    assert.deepEqual([read.class, read.reason], ['verified_agent', 'verified'], JSON.stringify(read));
  });
}
await part('the newer form of Signature-Agent', async () => {
  const headers = { 'Signature-Agent': 'agent2="https://agent.example"' };
  const read = await send(await byHttpMessageSig('ed25519', ['@authority', component('signature-agent', { key: 'agent2' })], { headers }));
  assert.equal(read.reason, 'verified', JSON.stringify(read));
});
for (const tag of ['agent-browser-auth', 'agent-payer-auth']) {
  await part(`Visa TAP, ${tag}`, async () => {
    const read = await send(await byHttpMessageSig('ed25519', ['@authority', '@path'], { tag }));
    assert.deepEqual([read.class, read.protocol], ['verified_agent', 'tap'], JSON.stringify(read));
  });
}
await part('Visa TAP without its path', async () => assert.equal((await send(await byHttpMessageSig('ed25519', ['@authority'], { tag: 'agent-payer-auth' }))).reason, 'path_not_covered'));

// ── recorded requests ──────────────────────────────────────────────────────────────────────────────────────────
await part('rows are judged by their own time and the seed\'s authority', async () => {
  const at = 1_795_200_000;
  const url = 'https://shop.example/product/7?ref=a';
  const row = async (id, signed) => ({
    id, method: 'GET', path: '/product/7?ref=a', http_version: '1.1', received_at: at + 5, headers: [['Host', 'shop.example'], ['User-Agent', 'agent/1'], ...Object.entries(signed)],
  });
  const good = await byHttpMessageSig('ed25519', ['@authority'], { url, at });
  const rows = [
    await row('good', good), await row('replayed', good),
    await row('elsewhere', await byHttpMessageSig('ed25519', ['@authority'], { url: 'https://other.example/', at })),
    await row('late', await byHttpMessageSig('ed25519', ['@authority'], { url, at: at - 3600 })),
  ];
  for (let round = 0; round < 2; round++) {
    const answer = await fetch(gateway + '/v1/bot-detection/score', {
      method: 'POST', body: JSON.stringify({ requests: rows }), headers: { Authorization: `Bearer ${administrator}`, 'Content-Type': 'application/json' },
    });
    const body = await answer.json();
    assert.equal(answer.status, 200, JSON.stringify(body));
    assert.deepEqual(body.results.map((one) => one.class === 'verified_agent'), [true, false, false, false], JSON.stringify(body));
    assert.equal(body.results[0].operator, 'https://agent.example');
  }
});

// ── what the gateway signs ─────────────────────────────────────────────────────────────────────────────────────
const published = await (await fetch(directory)).json();
async function verify(answer, request, tag, requiredComponents) {
  return verifySignature({ kind: 'response', status: answer.status, fields: [...answer.headers].map(([name, value]) => ({ name, value })), request: { kind: 'request', method: 'GET', targetUri: request, fields: [] } }, {
    label: 'sig1',
    policy: { algorithms: ['ed25519'], requiredComponents, requiredParameters: ['created', 'expires', 'keyid', 'tag'], maxAge: 7200, validate: (signature) => signature.parameters.tag === tag },
    resolveVerifier: async (candidate) => {
      const jwk = published.keys.find((key) => key.kid === candidate.parameters.keyid);
      return webcrypto.verifier(await crypto.subtle.importKey('jwk', { kty: jwk.kty, crv: jwk.crv, x: jwk.x }, { name: 'Ed25519' }, false, ['verify']));
    },
  });
}

console.log(`what ${gateway} signs`);
await part('the directory names its keys by their thumbprints', async () => {
  assert.ok(published.keys.length > 0);
  for (const jwk of published.keys) assert.equal(jwk.kid, await keyId(jwk));
  return published.keys.map((key) => key.kid).join(', ');
});
await part('the directory is signed for the host that was asked', async () => {
  const answer = await fetch(directory);
  assert.equal(answer.headers.get('content-type'), 'application/http-message-signatures-directory+json');
  await verify(answer, directory, 'http-message-signatures-directory', [component('@authority', { req: true })]);
  await assert.rejects(verify(answer, 'https://mirror.example/', 'http-message-signatures-directory', [component('@authority', { req: true })]));
});
await part('an answer is signed for whoever asks', async () => {
  // The digest is of what is sent; a compressed answer is unpacked before it gets here.
  const answer = await fetch(page, { headers: { 'Accept-Encoding': 'identity', 'Accept-Signature': 'sig1=("@status" "content-digest" "@authority";req "@path";req);tag="answer"' } });
  const body = Buffer.from(await answer.arrayBuffer());
  const digest = Buffer.from(await crypto.subtle.digest('SHA-256', body)).toString('base64');
  assert.equal(answer.headers.get('content-digest'), `sha-256=:${digest}:`);
  const verified = await verify(answer, page, 'answer', ['@status', 'content-digest', component('@authority', { req: true })]);
  await assert.rejects(verify(answer, gateway + '/v1/products', 'answer', ['@status']));
  return verified.algorithm;
});
await part('an answer is not signed for anybody else', async () => assert.equal((await fetch(page)).headers.get('signature'), null));
console.log(`  ${seen} parts`);
