// Every part prints what it saw; the first that is not as it should be ends the run.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { buildClientSchema, buildSchema, getIntrospectionQuery, lexicographicSortSchema, parse, print, printSchema, validate } from 'graphql';
import { auditServer } from 'graphql-http';
import { GraphQLClient } from 'graphql-request';
import { generate } from '@graphql-codegen/cli';
import puppeteer from 'puppeteer-core';

const require = createRequire(import.meta.url);
const { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } = require('@apollo/client/core');
const { createPersistedQueryLink } = require('@apollo/client/link/persisted-queries');

const [gateway, schemaFile, adminToken] = process.argv.slice(2);
const url = gateway + '/graphql';
const operations = fs.readFileSync('operations.graphql', 'utf8');
const monitors = { must: [{ category: { eq: 'monitor' }, refresh_rate: { gte: 100, unit: 'Hz' } }], first: 3 };

async function audits() {
  const results = await auditServer({ url });
  for (const { id, name, status, reason } of results) console.log(`  ${status.padEnd(6)} ${id} ${name}${reason ? ': ' + reason : ''}`);
  const passed = results.filter(({ status }) => status === 'ok').length;
  console.log(`graphql-http: ${passed} of ${results.length} audits pass`);
  assert.deepEqual(results.filter(({ name, status }) => status !== 'ok' && !name.startsWith('MAY')).map(({ id }) => id), []);
}

async function introspection() {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    body: JSON.stringify({ query: getIntrospectionQuery({ specifiedByUrl: true, directiveIsRepeatable: true, schemaDescription: true, inputValueDeprecation: true }) }),
  });
  const schema = buildClientSchema((await answer.json()).data);
  const read = printSchema(lexicographicSortSchema(schema));
  const written = printSchema(lexicographicSortSchema(buildSchema(fs.readFileSync(schemaFile, 'utf8'))));
  assert.equal(read, written, 'introspection differs from schemas/gateway.graphql');
  assert.deepEqual(validate(schema, parse(operations)), []);
  console.log(`graphql: introspection is schemas/gateway.graphql, ${Object.keys(schema.getTypeMap()).length} types`);
}

async function apollo() {
  const sha256 = async (query) => createHash('sha256').update(query).digest('hex');
  let named = 0;
  const count = new ApolloLink((operation, forward) => {
    named += operation.getContext().http?.includeQuery === false ? 1 : 0;
    return forward(operation);
  });
  const client = new ApolloClient({
    link: ApolloLink.from([createPersistedQueryLink({ sha256 }), count, new HttpLink({ uri: url, fetch })]),
    cache: new InMemoryCache(),
  });
  const query = gql(operations);
  const one = { ...query, definitions: query.definitions.filter(({ name }) => ['Monitors', 'Card'].includes(name.value)) };
  const first = await client.query({ query: one, variables: monitors });
  const page = first.data.products;
  assert.equal(page.edges.length, 3);
  assert.ok(page.totalCount > 3 && page.edges.every(({ node }) => node.refresh_rate.value >= 100));
  const second = await client.query({ query: one, variables: { ...monitors, after: page.pageInfo.endCursor } });
  assert.ok(!second.data.products.edges.some(({ node }) => page.edges.some((edge) => edge.node.id === node.id)));
  await assert.rejects(client.query({ query: one, variables: { ...monitors, first: 1000 } }), (error) => error.graphQLErrors[0].extensions.code === 'page_out_of_bounds');
  assert.ok(named >= 2, 'no document was named by its hash');
  client.stop();
  console.log('@apollo/client: two pages, a refusal, documents named by their hash');
}

async function graphqlRequest() {
  const client = new GraphQLClient(url);
  const document = parse(operations);
  const pick = (...names) => print({ ...document, definitions: document.definitions.filter(({ name }) => names.includes(name.value)) });
  const { products } = await client.request(pick('Monitors', 'Card'), monitors);
  const { compare } = await client.request(pick('Compare'), { ids: products.edges.slice(0, 2).map(({ node }) => node.id) });
  assert.equal(compare.__typename, 'Comparison');
  const refused = await client.request(pick('Compare'), { ids: ['prd_0000000000001', 'nothing'] });
  assert.equal(refused.compare.code, 'product_not_found');
  await assert.rejects(client.request('{ nothing }'), /Cannot query field/);
  console.log('graphql-request: a search, a comparison, two refusals');
}

async function buys() {
  const document = parse(operations);
  const pick = (...names) => print({ ...document, definitions: document.definitions.filter(({ name }) => names.includes(name.value)) });
  const merchant = new GraphQLClient(url, { headers: { authorization: `Bearer ${adminToken}` } });
  const { products } = await merchant.request(pick('Monitors', 'Card'), monitors);
  const { id: product, price } = products.edges[0].node;
  const limit = price.amount * 10;
  const { issueGrant: grant } = await merchant.request(pick('Issue'), { mandate: { type: 'purchase_mandate', actions: ['quote', 'purchase'], currency: price.currency, limits: { perOrder: limit, total: limit } } });
  await merchant.request(pick('Stock'), { product });
  const agent = new GraphQLClient(url, { headers: { authorization: `Bearer ${grant.token}` } });
  const opened = await agent.request(pick('Open'), { input: { lineItems: [{ productId: product, quantity: 2 }] }, key: 'open' });
  const again = await agent.request(pick('Open'), { input: { lineItems: [{ productId: product, quantity: 2 }] }, key: 'open' });
  assert.equal(opened.openCheckoutSession.id, again.openCheckoutSession.id);
  await assert.rejects(agent.request(pick('Open'), { input: { lineItems: [{ productId: product, quantity: 3 }] }, key: 'open' }), ({ response }) => response.errors[0].extensions.code === 'idempotency_key_reused');
  const { id } = opened.openCheckoutSession;
  await assert.rejects(agent.request(pick('Complete'), { id, token: 'tok_declined' }), ({ response }) => response.errors[0].extensions.code === 'payment_declined');
  const paid = await agent.request(pick('Complete'), { id, token: 'tok_visa', key: 'pay' });
  const { order, grant: left } = await agent.request(pick('Bought'), { order: paid.completeCheckoutSession.session.order.id, grant: grant.id });
  assert.equal(order.totals.find(({ type }) => type === 'TOTAL').amount, 2 * price.amount);
  assert.equal(left.remaining.remaining, limit - 2 * price.amount);
  await assert.rejects(new GraphQLClient(url).request(pick('Bought'), { order: order.id, grant: grant.id }), ({ response }) => response.errors[0].extensions.code === 'unauthorized');
  console.log(`graphql-request: an agent with a mandate bought two for ${order.totals.at(-1).amount} ${order.currency}, once, and three refusals`);
}

async function codegen() {
  const [file] = await generate({
    schema: url,
    documents: 'operations.graphql',
    generates: { 'generated.ts': { plugins: ['typescript', 'typescript-operations'], config: { namingConvention: { enumValues: 'keep' }, scalars: { Long: 'number', GTIN: 'string', Date: 'string', DateTime: 'string', URL: 'string' } } } },
  }, true);
  assert.match(file.content, /export type MonitorsQuery = /);
  fs.writeFileSync('use.ts', `import { MonitorsQuery, MonitorsQueryVariables, PanelType } from './generated';
export const variables: MonitorsQueryVariables = { first: 3, must: [{ panel_type: { in: [PanelType.IPS, PanelType.OLED] }, refresh_rate: { gte: 100, unit: 'Hz' } }] };
export const cents = (answer: MonitorsQuery): number | undefined => answer.products?.edges[0].node.price?.amount;
`);
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '--noEmit', '--strict', '--skipLibCheck', 'use.ts'], { stdio: 'inherit' });
  console.log(`@graphql-codegen/cli: ${file.content.split('\n').length} lines of types, which compile in strict mode`);
}

async function graphiql() {
  const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => fs.existsSync(path));
  if (!executablePath) {
    console.log('GraphiQL: skipped, there is no chromium');
    return;
  }
  const browser = await puppeteer.launch({ executablePath, args: process.getuid() === 0 ? ['--no-sandbox'] : [] });
  try {
    const page = await browser.newPage();
    const [strangers, complaints] = [[], []];
    page.on('request', (request) => request.url().startsWith(gateway) || request.url().startsWith('data:') || strangers.push(request.url()));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    await page.setViewport({ width: 1400, height: 800 });
    await page.goto(url, { waitUntil: 'networkidle0' });
    await page.click('.graphiql-query-editor .CodeMirror-lines');
    await page.keyboard.down('Control');
    await page.keyboard.press('KeyA');
    await page.keyboard.up('Control');
    await page.keyboard.press('Backspace');
    await page.keyboard.type('{ products(must: { refresh_r', { delay: 20 });
    await page.waitForFunction(() => [...document.querySelectorAll('.CodeMirror-hint')].some((hint) => hint.textContent.includes('refresh_rate')), { timeout: 10_000 });
    const hints = await page.$$eval('.CodeMirror-hint', (all) => all.map((hint) => hint.textContent));
    await page.keyboard.press('Enter');
    await page.keyboard.type(': { gte: 100, unit: "Hz" } }) { totalCount nodes { name } } }', { delay: 5 });
    await page.keyboard.press('Escape');
    await page.keyboard.down('Control');
    await page.keyboard.press('Enter');
    await page.keyboard.up('Control');
    await page.waitForFunction(() => document.querySelector('.result-window')?.textContent.includes('"totalCount"'), { timeout: 10_000 });
    await page.screenshot({ path: 'graphiql.png' });
    await page.setViewport({ width: 390, height: 844 });
    await page.waitForFunction(() => ['.graphiql-editors', '.graphiql-response'].every((part) => {
      const { left, right, top, bottom } = document.querySelector(part).getBoundingClientRect();
      return right - left >= 300 && bottom - top >= 200 && left >= 0 && right <= innerWidth && bottom <= innerHeight;
    }), { timeout: 10_000 });
    await page.screenshot({ path: 'graphiql-phone.png' });
    assert.deepEqual([strangers, complaints.filter((text) => text.includes('Content Security Policy'))], [[], []]);
    console.log(`GraphiQL: completed ${hints.slice(0, 3).join(', ')}, ran, asked nobody else, fits a phone; screenshots in ${process.cwd()}/graphiql*.png`);
  } finally {
    await browser.close();
  }
}

for (const part of [audits, introspection, apollo, graphqlRequest, buys, codegen, ...(process.env.CUSTOBOT_TEST_FULL === '1' ? [graphiql] : [])]) await part();
process.exit(0);
