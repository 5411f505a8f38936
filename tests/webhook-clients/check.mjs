// A partner that knows Standard Webhooks and nothing of this gateway: what it is sent has to verify, and nothing else may.
import assert from 'node:assert/strict';
import http from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';

const [gateway, token] = process.argv.slice(2);

async function call(method, path, body, bearer = token) {
  const answer = await fetch(gateway + path, {
    method,
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
  return text ? JSON.parse(text) : undefined;
}

const arrived = [];
const partner = http.createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (piece) => (body += piece));
  request.on('end', () => {
    arrived.push({ headers: request.headers, body });
    response.writeHead(204).end();
  });
});
await new Promise((resolve) => partner.listen(0, '127.0.0.1', resolve));

async function next(type, subject) {
  for (let tries = 0; tries < 300; tries++) {
    const at = arrived.findIndex(({ body }) => {
      const message = JSON.parse(body);
      return message.type === type && (subject === undefined || message.subject === subject);
    });
    if (at >= 0) {
      return arrived.splice(at, 1)[0];
    }
    await wait(100);
  }
  assert.fail(`no ${type} arrived`);
}

function ok(what) {
  console.log(`  ok     ${what}`);
}

// An agent that may buy, and a thing to buy.
await call('PUT', '/v1/products/external_id:monitor', { attributes: { name: 'Monitor', price: { amount: 19900, currency: 'EUR' } } });
await call('POST', '/v1/inventory:batch', { stock: [{ product_id: 'external_id:monitor', location: 'main', on_hand: 5 }] });
const product = await call('GET', '/v1/products/external_id:monitor');
const grant = await call('POST', '/v1/grants', {
  client_id: 'webhook-partner',
  person: 'buyer@example.com',
  authorization_details: [{ type: 'purchase_mandate', actions: ['purchase'], currency: 'EUR', limits: { per_order: 50000, total: 100000 } }],
});

const endpoint = await call('POST', '/v1/webhook_endpoints', { url: `http://127.0.0.1:${partner.address().port}/hooks`, events: ['order.*'] }, grant.token);
const first = new Webhook(endpoint.secret);

await call('POST', `/v1/webhook_endpoints/${endpoint.id}:test`, undefined, grant.token);
const test = await next('webhook.test');
assert.deepEqual(first.verify(test.body, test.headers), JSON.parse(test.body));
ok('a test message verifies');
assert.throws(() => first.verify(test.body.replace('true', 'false'), test.headers));
assert.throws(() => first.verify(test.body, { ...test.headers, 'webhook-id': 'msg_0000000000000' }));
assert.throws(() => first.verify(test.body, { ...test.headers, 'webhook-timestamp': String(Number(test.headers['webhook-timestamp']) + 1) }));
assert.throws(() => new Webhook('whsec_' + Buffer.alloc(32).toString('base64')).verify(test.body, test.headers));
ok('another body, id, timestamp or secret does not');

const session = await call('POST', '/v1/checkout_sessions', { line_items: [{ product_id: product.id, quantity: 1 }] }, grant.token);
await call('POST', `/v1/checkout_sessions/${session.id}/complete`, { payment: { handler: 'sandbox', token: 'tok_visa' } }, grant.token);
const placed = await next('order.placed');
const message = first.verify(placed.body, placed.headers);
assert.equal(message.data.grant_id, grant.id);
assert.match(message.subject, /^ord_/);
assert.ok(Date.parse(message.timestamp) > 0);
ok('an order that was placed is told, and verifies');

const rotated = await call('POST', `/v1/webhook_endpoints/${endpoint.id}/secret:rotate`, { overlap_seconds: 3600 }, grant.token);
await call('POST', `/v1/webhook_endpoints/${endpoint.id}:test`, undefined, grant.token);
const during = await next('webhook.test');
first.verify(during.body, during.headers);
new Webhook(rotated.secret).verify(during.body, during.headers);
ok('during a rotation it verifies with the old secret and with the new one');

await call('POST', `/v1/webhook_endpoints/${endpoint.id}/secret:rotate`, { overlap_seconds: 0 }, grant.token);
await call('POST', `/v1/webhook_endpoints/${endpoint.id}:test`, undefined, grant.token);
const after = await next('webhook.test');
assert.throws(() => first.verify(after.body, after.headers));
assert.throws(() => new Webhook(rotated.secret).verify(after.body, after.headers));
ok('after it, with neither of the old ones');
partner.close();
partner.closeAllConnections();
