// The reference server of GraphQL over HTTP with the gateway's own schema: each document is parsed, validated and executed as there, and the data is one answer kept in memory.
import fs from 'node:fs';
import http from 'node:http';
import { buildSchema } from 'graphql';
import { createHandler } from 'graphql-http';

const folder = process.argv[2];
const schema = buildSchema(fs.readFileSync(`${folder}/schema.graphql`, 'utf8'));
const rootValue = JSON.parse(fs.readFileSync(`${folder}/payload.json`, 'utf8')).data;
const handle = createHandler({ schema, rootValue });

const server = http.createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const [body, { status, headers }] = await handle({
    url: request.url, method: request.method, headers: request.headers, body: () => Buffer.concat(chunks).toString('utf8'), raw: request, context: {},
  });
  response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body ?? '') });
  response.end(body);
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
process.stdin.on('end', () => process.exit(0)).resume();
process.on('SIGTERM', () => process.exit(0));
