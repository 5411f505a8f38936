// "A person grants an agent office supplies and IT up to 150 EUR an order, 400 EUR a week, ask me above 100, prefer repairable goods, until December,
// sees what it does, and ends it with one click, after which nothing further succeeds anywhere within a second."
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as client from 'openid-client';
import { Person } from './person.mjs';

const [one, two, outbox, history] = process.argv.slice(2);
const callback = 'https://client.example/callback';
const until = new Date(Date.UTC(new Date().getUTCFullYear() + 1, 11, 31, 23, 59, 59)).toISOString().replace('.000', '');
const mandate = {
  type: 'purchase_mandate', actions: ['purchase', 'quote'], currency: 'EUR',
  limits: { per_order: 15000, period: { amount: 40000, every: 'P7D' }, total: 100000 },
  categories: ['it', 'office'], approval_above: 10000, not_after: until,
};

async function part(name, run) {
  try {
    const what = await run();
    console.log(`  ok     ${name}${what ? ': ' + what : ''}`);
    return what;
  } catch (failure) {
    console.log(`  FAILED ${name}: ${failure.stack}`, failure.cause ?? '', failure.error_description ?? '');
    process.exit(1);
  }
}

const json = async (answer) => (answer.headers.get('content-type')?.includes('json') ? answer.json() : undefined);
async function call(at, method, address, { token, body, key } = {}) {
  const answer = await fetch(at + address, {
    method, body: body && JSON.stringify(body),
    headers: { ...(token && { authorization: `Bearer ${token}` }), ...(body && { 'content-type': 'application/json' }), ...(key && { 'idempotency-key': key }) },
  });
  return { status: answer.status, headers: answer.headers, body: await json(answer) };
}
const admin = (method, address, body) => call(one, method, address, { token: 'delegation-test', body });

// Letters lie in the outbox, since there is no mail server.
const letterTo = (email) => fs.readdirSync(outbox).sort().reverse().map((file) => fs.readFileSync(path.join(outbox, file), 'utf8')).find((letter) => letter.includes(`To: <${email}>`));
const linkTo = (email) => /^https?:\/\/\S+/m.exec(letterTo(email))[0];
const text = (page) => page.html.replace(/<[^>]*>/g, ' ').replace(/&#x([0-9a-f]+);/gi, (_, code) => String.fromCodePoint(parseInt(code, 16))).replace(/\s+/g, ' ');

console.log(`a person and an agent at ${one} and ${two}`);

const goods = {};
await part('a merchant has pens, printers and wine', async () => {
  for (const [key, name, category, price, repairability_index] of [['pen', 'Refillable pen', 'pen', 2000, 8], ['sealed-pen', 'Sealed pen', 'pen', 1900, 2], ['printer', 'Small printer', 'printer', 12000, 7], ['big-printer', 'Big printer', 'printer', 16000, 7], ['wine', 'Wine', 'beverage', 1000, undefined]]) {
    const made = await admin('PUT', `/v1/products/external_id:${key}`, { attributes: { name, brand: 'Aster', category, price: { amount: price, currency: 'EUR' }, unit_cost: { amount: price / 2, currency: 'EUR' }, ...(repairability_index && { repairability_index }) } });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    goods[key] = made.body.id;
  }
  const stocked = await admin('POST', '/v1/inventory:batch', { stock: Object.values(goods).map((product_id) => ({ product_id, location: 'main', on_hand: 100 })) });
  assert.equal(stocked.status, 200);
});

const email = 'alice@example.com';
const alice = new Person(email, 'correct horse battery staple');
await part('a person signs up and confirms the address', async () => {
  const sent = await alice.send(`${one}/signup`, 'password', { email, password: alice.password });
  assert.match(text(sent), /Look into your mail/);
  const opened = await alice.send(linkTo(email), 'password', { password: alice.password });
  assert.equal(opened.url.pathname, '/account');
});

const configuration = await client.discovery(new URL(one), 'office-agent', undefined, client.ClientSecretBasic('a secret'), { execute: [client.allowInsecureRequests] });
let tokens, grant;
await part('an agent asks, the person lowers nothing and agrees', async () => {
  const verifier = client.randomPKCECodeVerifier();
  const address = client.buildAuthorizationUrl(configuration, {
    redirect_uri: callback, scope: 'catalog:read negotiations checkout orders:read grants:read offline_access', state: 'state', authorization_details: JSON.stringify([mandate]),
    code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
  });
  const consent = await alice.open(address.href);
  for (const words of ['office-agent', 'Office supplies', 'Computers and accessories', 'a week']) assert.ok(text(consent).includes(words), words);
  const back = await alice.submit(consent, 'decision', { decision: 'allow' });
  tokens = await client.authorizationCodeGrant(configuration, back.url, { pkceCodeVerifier: verifier, expectedState: 'state' });
  const [given] = tokens.authorization_details;
  assert.deepEqual({ ...given, mandate_id: undefined }, { ...mandate, mandate_id: undefined });
  return given.mandate_id;
});

await part('the person sees the agent and prefers repairable goods', async () => {
  const list = await alice.open(`${one}/grants`);
  grant = /href="\/grants\/(grt_[0-9a-z]+)"/.exec(list.html)[1];
  assert.ok(text(list).includes('office-agent'));
  const saved = await alice.send(`${one}/grants/${grant}/preferences`, 'repairable', { repairable: 'yes', green_weight: '1', decision: 'save' });
  assert.equal(saved.url.pathname, `/grants/${grant}`);
  assert.match(text(saved), /Rather repairable/);
  return grant;
});

const token = () => tokens.access_token;
const remaining = async () => (await call(two, 'GET', `/v1/grants/${grant}/remaining`, { token: token() })).body;
const open = async (key, quantity, at = one) => {
  const answer = await call(at, 'POST', '/v1/checkout_sessions', { token: token(), body: { line_items: [{ product_id: goods[key], quantity }] } });
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return answer.body.id;
};
const pay = (session, key, at = one) => call(at, 'POST', `/v1/checkout_sessions/${session}/complete`, { token: token(), key, body: { payment: { handler: 'sandbox', token: 'tok_visa' } } });
const refusedWithRemedy = (answer, code) => {
  assert.equal(answer.body?.code, code, `${answer.status} ${answer.headers.get('content-type')} ${JSON.stringify(answer.body)}`);
  assert.ok(answer.status >= 400 && answer.status < 500);
  assert.ok(answer.body.remedy?.text);
};

await part('the agent searches with the preferences, and they are shown as applied', async () => {
  const found = await call(one, 'POST', '/v1/products/search', { token: token(), body: { must: [{ attribute: 'category', op: 'eq', value: 'pen' }], apply_preferences: true, select: ['name'] } });
  assert.equal(found.status, 200, JSON.stringify(found.body));
  assert.equal(found.body.products[0].id, goods.pen, JSON.stringify(found.body));
  assert.ok(JSON.stringify(found.body).includes('repairability_index'));
});
await part('it buys within the mandate, at either gateway', async () => {
  for (const [at, key] of [[one, 'first'], [two, 'second']]) {
    const paid = await pay(await open('pen', 2, at), key, at);
    assert.equal(paid.status, 200, JSON.stringify(paid.body));
  }
  const left = await remaining();
  assert.deepEqual([left.spent, left.period.remaining], [8000, 32000], JSON.stringify(left));
});
await part('it is refused beyond it, each time with a remedy', async () => {
  refusedWithRemedy(await pay(await open('big-printer', 1), 'too-dear'), 'mandate_exceeded');
  refusedWithRemedy(await pay(await open('wine', 1), 'no-wine'), 'mandate_exceeded');
  assert.equal((await remaining()).spent, 8000);
});
let approval;
await part('above 100 EUR it waits for the person, who agrees, and then it buys, once', async () => {
  const session = await open('printer', 1);
  const waits = await pay(session, 'printer');
  assert.equal(waits.status, 202, JSON.stringify(waits.body));
  approval = waits.headers.get('location');
  assert.ok(Number(waits.headers.get('retry-after')) > 0);
  assert.equal((await call(two, 'GET', approval, { token: token() })).body.state, 'pending');
  const list = await alice.open(`${one}/approvals`);
  assert.ok(text(list).includes('1 × Small printer'));
  const decided = await alice.send(`${one}/approvals/${approval.split('/').pop()}`, 'decision', { decision: 'approve' });
  assert.match(text(decided), /You agreed/);
  assert.equal((await pay(session, 'printer', two)).status, 200);
  assert.equal((await call(two, 'GET', approval, { token: token() })).body.state, 'used');
  return approval;
});
await part('what is refused by the person is not bought', async () => {
  const session = await open('printer', 1);
  const waits = await pay(session, 'another');
  const decided = await alice.send(`${one}/approvals/${waits.headers.get('location').split('/').pop()}`, 'decision', { decision: 'deny' });
  assert.match(text(decided), /You refused/);
  refusedWithRemedy(await pay(session, 'another'), 'approval_denied');
});
await part('a paused agent buys nothing, and goes on afterwards', async () => {
  const page = await alice.send(`${one}/grants/${grant}`, 'decision', { decision: 'pause' });
  assert.match(text(page), /Paused/);
  const session = await open('pen', 1).catch(() => null);
  if (session) refusedWithRemedy(await pay(session, 'paused'), 'grant_paused');
  await alice.send(`${one}/grants/${grant}`, 'decision', { decision: 'resume' });
  assert.equal((await pay(await open('pen', 1), 'resumed')).status, 200);
});
await part('the week is over at 400 EUR', async () => {
  const left = (await remaining()).period.remaining;
  assert.equal(left, 40000 - 8000 - 12000 - 2000);
  assert.equal((await pay(await open('pen', 5), 'more')).status, 200);
  refusedWithRemedy(await pay(await open('pen', 5), 'over'), 'mandate_exceeded');
});
await part('the person ends it with one click, and nothing succeeds within a second, at either gateway', async () => {
  const waiting = await open('pen', 1, two);
  const before = await alice.open(`${one}/grants/${grant}`);
  assert.match(text(before), /this ends with it/);
  const clicked = Date.now();
  const ended = await alice.submit(before, 'decision', { decision: 'revoke' });
  assert.match(text(ended), /It was ended/);
  let last = 0;
  for (let tries = 0; tries < 200 && Date.now() - clicked < 2000; tries++) {
    for (const at of [one, two]) if ((await pay(waiting, `late-${tries}-${at}`, at)).status < 400) last = Date.now() - clicked;
  }
  assert.equal(last, 0, `a purchase succeeded after ${last} ms`);
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, 1000 - (Date.now() - clicked))));
  for (const at of [one, two]) {
    for (const [method, address, body] of [['GET', `/v1/grants/${grant}/remaining`], ['POST', '/v1/checkout_sessions', { line_items: [{ product_id: goods.pen, quantity: 1 }] }], ['POST', '/v1/negotiations', { items: [{ product_id: goods.pen, quantity: 1 }], offer: { terms: { unit_price: 1900 } } }]]) {
      assert.equal((await call(at, method, address, { token: token(), body })).status, 401, `${method} ${address}`);
    }
  }
  const failure = await client.refreshTokenGrant(configuration, tokens.refresh_token).then(() => assert.fail('was refreshed'), (failure) => failure);
  assert.equal(failure.error, 'invalid_grant');
  return `${Date.now() - clicked} ms after the click`;
});
await part('the history of the grant is exported', async () => {
  const answer = await fetch(`${one}/v1/grants/${grant}/events`, { headers: { authorization: 'Bearer delegation-test' } });
  assert.equal(answer.status, 200);
  const lines = await answer.text();
  fs.writeFileSync(history, lines);
  return `${lines.trim().split('\n').length} events`;
});
