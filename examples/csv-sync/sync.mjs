// Connects a shop that keeps its books in files: stock.csv and prices.csv go to the gateway, orders.csv comes from it.
// Node alone, nothing to install. Run it as often as you like, by cron for example: what was said before is unchanged, what was fetched before is not fetched again.
//
//   GATEWAY_URL=https://shop.example GATEWAY_TOKEN=… node sync.mjs FOLDER
//
// stock.csv   product,location,on_hand,version         product is the merchant's own key; version grows with each change of the line
// prices.csv  product,amount,currency,version          amount in minor units: 24900 is 249.00 USD
// orders.csv  at,type,order,version,currency,total     is made, and grows by what happened since
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const [folder = '.'] = process.argv.slice(2);
const { GATEWAY_URL: url = 'http://127.0.0.1:8080', GATEWAY_TOKEN: token } = process.env;
const most = 500;

if (!token) {
  console.error('sync: set GATEWAY_TOKEN, and GATEWAY_URL where the gateway is not on this machine.');
  process.exit(2);
}

async function call(method, address, body) {
  // One key for all tries: a request whose answer was lost is not dealt with twice.
  const key = randomUUID();
  for (let tries = 1; ; tries++) {
    const answer = await fetch(url + address, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        ...(body && { 'idempotency-key': key }),
      },
      body: body && JSON.stringify(body),
    }).catch((error) => (tries < 5 ? undefined : Promise.reject(error)));
    if (answer?.ok) {
      return answer.json();
    }
    if (answer && ![409, 429, 503].includes(answer.status) || tries === 5) {
      throw new Error(`${method} ${address}: ${answer.status} ${await answer.text()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 1000 * Number(answer?.headers.get('retry-after') ?? tries)));
  }
}

// Cells may be quoted; a quote inside is doubled (RFC 4180).
function read(name) {
  const file = path.join(folder, name);
  if (!fs.existsSync(file)) {
    return [];
  }
  const lines = [[]];
  for (const [, quoted, plain, end] of fs.readFileSync(file, 'utf8').matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    lines.at(-1).push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end !== ',') {
      lines.push([]);
    }
  }
  const [header, ...rows] = lines.filter((line) => line.join('') !== '');
  return rows.map((row) => Object.fromEntries(header.map((column, place) => [column.trim(), row[place]?.trim() ?? ''])));
}

function number(text, what) {
  if (!/^\d+$/.test(text)) {
    throw new Error(`'${text}' is no whole number: ${what}`);
  }
  return Number(text);
}

async function send(name, address, member, toEntry) {
  const entries = read(name).map((row, place) => toEntry(row, `${name}, line ${place + 2}`));
  const sum = { written: 0, unchanged: 0, stale: 0 };
  for (let from = 0; from < entries.length; from += most) {
    const answer = await call('POST', address, { [member]: entries.slice(from, from + most) });
    Object.keys(sum).forEach((key) => (sum[key] += answer[key]));
  }
  console.log(`${name}: ${sum.written} written, ${sum.unchanged} unchanged, ${sum.stale} stale`);
}

const version = (row, what) => (row.version ? { source_version: number(row.version, what) } : {});

await send('stock.csv', '/v1/inventory:batch', 'stock', (row, what) => (
  { product_id: `external_id:${row.product}`, location: row.location || 'main', on_hand: number(row.on_hand, what), ...version(row, what) }));
await send('prices.csv', '/v1/prices:batch', 'prices', (row, what) => (
  { product_id: `external_id:${row.product}`, price: { amount: number(row.amount, what), currency: row.currency }, ...version(row, what) }));

// The feed goes on where it was acknowledged; the file is written first, so that a break in between repeats lines and loses none.
const orders = path.join(folder, 'orders.csv');
const cell = (value) => (/[",\r\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value));
if (!fs.existsSync(orders)) {
  fs.writeFileSync(orders, 'at,type,order,version,currency,total\n');
}
const seen = new Set(read('orders.csv').map((row) => `${row.order} ${row.version}`));
let fetched = 0;
for (let more = true; more; ) {
  const page = await call('GET', '/v1/order_feed?limit=100');
  const lines = page.entries.filter(({ order, version }) => !seen.has(`${order.id} ${version}`)).map(({ at, type, version, order }) =>
    [at, type, order.id, version, order.currency, order.totals.find((total) => total.type === 'total')?.amount ?? ''].map(cell).join(','));
  fs.appendFileSync(orders, lines.map((line) => line + '\n').join(''));
  fetched += lines.length;
  await call('POST', '/v1/order_feed/acknowledgements', { cursor: page.next });
  more = page.more;
}
console.log(`orders.csv: ${fetched} new`);
