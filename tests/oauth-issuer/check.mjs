// oidc-provider as external issuer: its tokens are taken by the mapping, and no key signs for another issuer than its own.
import { SignJWT, calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import { createHash, randomUUID } from 'node:crypto';
import { Provider } from 'oidc-provider';

const [gateway, issuer] = process.argv.slice(2);
const keys = await generateKeyPair('ES256', { extractable: true });
const own = { ...(await exportJWK(keys.privateKey)), kid: 'issuer-1', alg: 'ES256', use: 'sig' };
const scopes = 'demand basket unmapped';

const provider = new Provider(issuer, {
  clients: [{
    client_id: 'agent', client_secret: 'agent-secret-of-32-characters-000', token_endpoint_auth_method: 'client_secret_basic',
    id_token_signed_response_alg: 'ES256', grant_types: ['client_credentials'], redirect_uris: [], response_types: [],
  }],
  jwks: { keys: [own] },
  scopes: scopes.split(' '),
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    dPoP: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (_, resource) => ({ audience: resource, scope: scopes, accessTokenTTL: 300, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'ES256' } } }),
    },
  },
});
provider.on('server_error', (_, error) => console.error(error));
const { port } = new URL(issuer);
const server = await new Promise((resolve) => { const listening = provider.listen(Number(port), '127.0.0.1', () => resolve(listening)); });

let failures = 0;
const check = (name, right, seen) => {
  if (!right) failures += 1;
  console.log(`${right ? 'ok  ' : 'FAIL'} ${name}${right ? '' : ` (${JSON.stringify(seen)})`}`);
};

const proof = async (pair, method, address, token) => new SignJWT({
  jti: randomUUID(), htm: method, htu: address, ...(token && { ath: createHash('sha256').update(token).digest('base64url') }),
}).setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk: await exportJWK(pair.publicKey) }).setIssuedAt().sign(pair.privateKey);

const ask = async (scope, resource, pair) => {
  const answer = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from('agent:agent-secret-of-32-characters-000').toString('base64')}`,
      ...(pair && { dpop: await proof(pair, 'POST', `${issuer}/token`) }),
    },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope, resource }),
  });
  const body = await answer.json();
  if (!body.access_token) throw new Error(JSON.stringify(body));
  return body.access_token;
};

const call = async (token, { path = '/v1/demand/events', scheme = 'Bearer', dpop } = {}) => {
  const answer = await fetch(gateway + path, { headers: { authorization: `${scheme} ${token}`, ...(dpop && { dpop }) } });
  return { status: answer.status, code: (await answer.json().catch(() => ({}))).code };
};

try {
  const rest = `${gateway}/v1`;
  const good = await ask('demand', rest);
  let seen = await call(good);
  check('its token is taken by the mapping', seen.status === 200, seen);
  seen = await call(await ask('unmapped', rest));
  check('a scope that is not mapped allows nothing', seen.status === 403 && seen.code === 'insufficient_scope', seen);
  seen = await call(await ask('demand', `${gateway}/graphql`));
  check('its token for another resource is refused', seen.status === 401 && seen.code === 'invalid_token', seen);
  seen = await call(`${good.slice(0, -6)}AAAAAA`);
  check('its token with another signature is refused', seen.status === 401, seen);

  const claims = { client_id: 'agent', scope: 'demand:read staff', jti: randomUUID() };
  const sign = (iss, key, kid) => new SignJWT(claims).setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid })
    .setIssuer(iss).setSubject('agent').setAudience(rest).setIssuedAt().setExpirationTime('5m').sign(key);
  seen = await call(await sign(gateway, keys.privateKey, 'issuer-1'));
  check('a foreign key for the gateway as issuer is refused', seen.status === 401, seen);
  const stranger = await generateKeyPair('ES256');
  seen = await call(await sign(issuer, stranger.privateKey, 'issuer-1'));
  check('a stranger\'s key under the issuer\'s key id is refused', seen.status === 401, seen);
  seen = await call(await sign('https://stranger.example', stranger.privateKey, 'issuer-1'));
  check('an issuer that is not configured is refused', seen.status === 401, seen);

  const pair = await generateKeyPair('ES256', { extractable: true });
  const bound = await ask('demand', rest, pair);
  check('its token can be bound to a key', JSON.parse(Buffer.from(bound.split('.')[1], 'base64url')).cnf?.jkt === await calculateJwkThumbprint(await exportJWK(pair.publicKey)), bound);
  seen = await call(bound, { scheme: 'DPoP', dpop: await proof(pair, 'GET', `${rest}/demand/events`, bound) });
  check('its bound token is taken with a proof', seen.status === 200, seen);
  seen = await call(bound);
  check('its bound token is refused as a bearer\'s', seen.status === 401, seen);
  const metadata = await (await fetch(`${gateway}/.well-known/oauth-protected-resource/v1`)).json();
  check('the resource names both issuers', metadata.authorization_servers.includes(issuer) && metadata.authorization_servers.includes(gateway), metadata);
} finally {
  server.closeAllConnections();
  server.close();
}
console.log(`${failures === 0 ? 'all' : 'not all'} right`);
process.exit(failures === 0 ? 0 : 1);
