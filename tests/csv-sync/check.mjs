// What happens in the shop beside the files: products are there, and an agent buys one of each.
import assert from 'node:assert/strict';

const { GATEWAY_URL: url, GATEWAY_TOKEN: token } = process.env;

async function call(method, address, body, bearer = token) {
  const answer = await fetch(url + address, {
    method,
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  assert.ok(answer.ok, `${method} ${address}: ${answer.status} ${await answer.clone().text()}`);
  return answer.json();
}

const keys = ['monitor', 'cable, short'];
if (process.argv[2] === 'prepare') {
  for (const key of keys) {
    await call('PUT', '/v1/products/external_id:' + encodeURIComponent(key), { attributes: { name: key } });
  }
} else {
  const grant = await call('POST', '/v1/grants', {
    client_id: 'csv-buyer',
    person: 'buyer@example.com',
    authorization_details: [{ type: 'purchase_mandate', actions: ['purchase'], currency: 'EUR', limits: { per_order: 50000, total: 100000 } }],
  });
  const lines = [];
  for (const key of keys) {
    lines.push({ product_id: (await call('GET', '/v1/products/external_id:' + encodeURIComponent(key))).id, quantity: 1 });
  }
  const session = await call('POST', '/v1/checkout_sessions', { line_items: lines }, grant.token);
  await call('POST', `/v1/checkout_sessions/${session.id}/complete`, { payment: { handler: 'sandbox', token: 'tok_visa' } }, grant.token);
}
