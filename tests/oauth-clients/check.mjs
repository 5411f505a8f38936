// Every part prints what it saw; the first that is not as it should be ends the run.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { importJWK } from 'jose';
import * as oauth from 'oauth4webapi';
import * as client from 'openid-client';
import { Person } from './person.mjs';

const issuer = process.argv[2];
const secret = 'a secret with spaces & signs: %+/=';
const signing = { key: await importJWK(JSON.parse(fs.readFileSync('private.json', 'utf8')), 'ES256'), kid: 'assertions' };
const alice = () => new Person('alice@example.com', 'correct horse battery staple');
const callback = 'https://client.example/callback';
const mandate = [{ type: 'purchase_mandate', actions: ['quote', 'purchase'], currency: 'EUR', limits: { per_order: 15000, total: 100000 }, not_after: '2036-12-31T23:59:59Z' }];
const exchange = 'urn:ietf:params:oauth:grant-type:token-exchange';
const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token';

let seen = 0;
async function part(name, run) {
  try {
    const what = await run();
    console.log(`  ok     ${name}${what ? ': ' + what : ''}`);
    seen++;
  } catch (failure) {
    console.log(`  FAILED ${name}: ${failure.stack}`, failure.cause ?? '', failure.error ?? '', failure.error_description ?? '');
    process.exit(1);
  }
}

const aboutIss = (failure) => /"iss"|\biss\b/.test(`${failure.message} ${failure.cause?.message}`);

async function refused(promise, error) {
  const failure = await promise.then(() => assert.fail('was not refused'), (failure) => failure);
  assert.equal(failure.error ?? failure.cause?.error, error, failure.stack);
}

// ── openid-client ──────────────────────────────────────────────────────────────────────────────────────────────
const insecure = { execute: [client.allowInsecureRequests] };
const discover = (id, authentication, algorithm = 'oidc') => client.discovery(new URL(issuer), id, undefined, authentication, { ...insecure, algorithm });
const basic = await discover('basic-app', client.ClientSecretBasic(secret));

async function authorize(config, parameters = {}, { pushed = false, person = alice(), checks = {}, grant = {}, dpop, tamper } = {}) {
  const verifier = client.randomPKCECodeVerifier();
  const state = client.randomState();
  const all = { redirect_uri: callback, scope: 'openid catalog:read checkout', state, code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256', ...parameters };
  const address = pushed ? await client.buildAuthorizationUrlWithPAR(config, all, { DPoP: dpop }) : client.buildAuthorizationUrl(config, all);
  if (pushed) assert.deepEqual([...address.searchParams.keys()].sort(), ['client_id', 'request_uri']);
  const back = await person.visit(address);
  tamper?.(back);
  return client.authorizationCodeGrant(config, back, { pkceCodeVerifier: verifier, expectedState: state, idTokenExpected: all.scope.includes('openid'), ...checks }, grant, { DPoP: dpop });
}

console.log(`openid-client at ${issuer}`);
await part('metadata are the same by both standards', async () => {
  const other = await discover('basic-app', client.ClientSecretBasic(secret), 'oauth2');
  assert.deepEqual(other.serverMetadata(), basic.serverMetadata());
  assert.equal(basic.serverMetadata().issuer, issuer);
});
let tokens;
await part('code with PKCE', async () => {
  tokens = await authorize(basic);
  assert.equal(tokens.token_type, 'bearer');
  return `id token of ${tokens.claims().sub}, scope ${tokens.scope}`;
});
await part('code with PKCE for a public client at any loopback port', async () => {
  const config = await discover('public-app', client.None());
  const answer = await authorize(config, { redirect_uri: 'http://127.0.0.1:53117/callback' });
  assert.ok(answer.refresh_token);
});
await part('an answer with a tampered iss is rejected', () => assert.rejects(
  authorize(basic, {}, { tamper: (back) => back.searchParams.set('iss', 'https://evil.example') }), aboutIss));
await part('a refusal of the person comes back with state and iss', async () => {
  const verifier = client.randomPKCECodeVerifier();
  const back = await alice().visit(client.buildAuthorizationUrl(basic, {
    redirect_uri: callback, scope: 'catalog:read', state: 's&1', code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
  }), { decision: 'deny' });
  assert.deepEqual([back.searchParams.get('error'), back.searchParams.get('state'), back.searchParams.get('iss')], ['access_denied', 's&1', issuer]);
});
await part('refresh with rotation; the reuse of the old token ends all', async () => {
  const first = await authorize(basic);
  const second = await client.refreshTokenGrant(basic, first.refresh_token);
  assert.notEqual(second.refresh_token, first.refresh_token);
  await refused(client.refreshTokenGrant(basic, first.refresh_token), 'invalid_grant');
  await refused(client.refreshTokenGrant(basic, second.refresh_token), 'invalid_grant');
});
await part('pushed authorization request', async () => {
  const config = await discover('post-app', client.ClientSecretPost(secret));
  assert.ok((await authorize(config, {}, { pushed: true })).access_token);
});
await part('a mandate is asked for, granted and told', async () => {
  const answer = await authorize(basic, { authorization_details: JSON.stringify(mandate) });
  const [granted] = answer.authorization_details;
  assert.deepEqual(granted.limits, mandate[0].limits);
  return granted.mandate_id;
});
await part('private_key_jwt', async () => {
  const config = await discover('jwt-app', client.PrivateKeyJwt(signing));
  assert.ok((await client.clientCredentialsGrant(config, { scope: 'catalog:read' })).access_token);
  assert.ok((await authorize(config, {}, { pushed: true })).access_token);
});
await part('DPoP with a nonce demanded, from the pushed request to the refreshed token', async () => {
  const config = await discover('bound-app', client.ClientSecretBasic(secret));
  const dpop = client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'));
  const answer = await authorize(config, {}, { pushed: true, dpop });
  assert.equal(answer.token_type, 'dpop');
  const again = await client.refreshTokenGrant(config, answer.refresh_token, undefined, { DPoP: dpop });
  assert.equal(again.token_type, 'dpop');
  await refused(client.clientCredentialsGrant(config, { scope: 'catalog:read' }), 'invalid_dpop_proof');
});
await part('device flow', async () => {
  const config = await discover('public-app', client.None());
  const device = await client.initiateDeviceAuthorization(config, { scope: 'catalog:read' });
  await alice().visit(device.verification_uri_complete);
  const answer = await client.pollDeviceAuthorizationGrant(config, { ...device, interval: 1 });
  assert.equal(answer.scope, 'catalog:read');
  return device.user_code;
});
await part('introspection', async () => {
  const answer = await client.tokenIntrospection(basic, tokens.access_token);
  assert.deepEqual([answer.active, answer.client_id, answer.aud], [true, 'basic-app', `${issuer}/v1`]);
  assert.deepEqual(await client.tokenIntrospection(await discover('post-app', client.ClientSecretPost(secret)), tokens.access_token), { active: false });
});
await part('token exchange', async () => {
  const answer = await client.genericGrantRequest(basic, exchange, {
    subject_token: tokens.access_token, subject_token_type: accessTokenType, scope: 'catalog:read', resource: `${issuer}/graphql`,
  });
  assert.equal(answer.issued_token_type, accessTokenType);
  const told = await client.tokenIntrospection(basic, answer.access_token);
  assert.deepEqual([told.aud, told.scope, told.act.sub], [`${issuer}/graphql`, 'catalog:read', 'client:basic-app']);
});
await part('user info', async () => assert.equal((await client.fetchUserInfo(basic, tokens.access_token, tokens.claims().sub)).sub, tokens.claims().sub));
await part('revocation of the refresh token ends the access token', async () => {
  await client.tokenRevocation(basic, tokens.refresh_token);
  assert.deepEqual(await client.tokenIntrospection(basic, tokens.access_token), { active: false });
});
await part('dynamic registration', async () => {
  const config = await client.dynamicClientRegistration(new URL(issuer), { client_name: 'New', redirect_uris: [callback], token_endpoint_auth_method: 'client_secret_basic', grant_types: ['authorization_code', 'refresh_token'] }, client.ClientSecretBasic(), insecure);
  assert.ok((await authorize(config, { scope: 'openid catalog:read' })).access_token);
  return config.clientMetadata().client_id;
});

// ── oauth4webapi ───────────────────────────────────────────────────────────────────────────────────────────────
const http = { [oauth.allowInsecureRequests]: true };
const as = await oauth.processDiscoveryResponse(new URL(issuer), await oauth.discoveryRequest(new URL(issuer), { algorithm: 'oauth2', ...http }));

async function code(app, authentication, { pushed = false, dpop, tamper, scope = 'openid catalog:read', redirect = callback, more = {} } = {}) {
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const parameters = new URLSearchParams({ client_id: app.client_id, redirect_uri: redirect, response_type: 'code', scope, state, code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256', ...more });
  const address = new URL(as.authorization_endpoint);
  if (pushed) {
    const push = () => oauth.pushedAuthorizationRequest(as, app, authentication, parameters, { DPoP: dpop, ...http });
    const answer = await withNonce(async () => oauth.processPushedAuthorizationResponse(as, app, await push()));
    address.search = new URLSearchParams({ client_id: app.client_id, request_uri: answer.request_uri }).toString();
  } else {
    address.search = parameters.toString();
  }
  const back = await alice().visit(address);
  tamper?.(back);
  const answer = oauth.validateAuthResponse(as, app, back, state);
  return withNonce(async () => oauth.processAuthorizationCodeResponse(as, app, await oauth.authorizationCodeGrantRequest(as, app, authentication, answer, redirect, verifier, { DPoP: dpop, ...http }),
    { requireIdToken: scope.includes('openid') }));
}

let nonces = 0;
async function withNonce(run) {
  try {
    return await run();
  } catch (failure) {
    if (!oauth.isDPoPNonceError(failure)) throw failure;
    nonces++;
    return run();
  }
}

console.log(`oauth4webapi at ${issuer}`);
const app = { client_id: 'basic-app' };
const asBasic = oauth.ClientSecretBasic(secret);
let answer;
await part('code with PKCE', async () => {
  answer = await code(app, asBasic);
  return oauth.getValidatedIdTokenClaims(answer).sub;
});
await part('an answer with a tampered or missing iss is rejected', async () => {
  await assert.rejects(code(app, asBasic, { tamper: (back) => back.searchParams.set('iss', issuer + '/') }), aboutIss);
  await assert.rejects(code(app, asBasic, { tamper: (back) => back.searchParams.delete('iss') }), aboutIss);
});
await part('pushed authorization request', async () => assert.ok((await code({ client_id: 'post-app' }, oauth.ClientSecretPost(secret), { pushed: true })).access_token));
await part('private_key_jwt', async () => {
  const jwt = { client_id: 'jwt-app' };
  const own = await oauth.processClientCredentialsResponse(as, jwt, await oauth.clientCredentialsGrantRequest(as, jwt, oauth.PrivateKeyJwt(signing), new URLSearchParams({ scope: 'catalog:read' }), http));
  assert.equal(own.scope, 'catalog:read');
});
await part('DPoP with a nonce demanded', async () => {
  const bound = { client_id: 'bound-app' };
  const dpop = oauth.DPoP(bound, await oauth.generateKeyPair('ES256'));
  const first = await code(bound, asBasic, { pushed: true, dpop });
  assert.equal(first.token_type, 'dpop');
  assert.ok(nonces > 0);
  const next = await withNonce(async () => oauth.processRefreshTokenResponse(as, bound, await oauth.refreshTokenGrantRequest(as, bound, asBasic, first.refresh_token, { DPoP: dpop, ...http })));
  assert.equal(next.token_type, 'dpop');
  return `${nonces} nonces asked for`;
});
await part('refresh with rotation', async () => {
  const refresh = async (token) => oauth.processRefreshTokenResponse(as, app, await oauth.refreshTokenGrantRequest(as, app, asBasic, token, http));
  const next = await refresh(answer.refresh_token);
  assert.notEqual(next.refresh_token, answer.refresh_token);
  answer = { ...answer, ...next };
});
await part('device flow', async () => {
  const open = { client_id: 'public-app' };
  const device = await oauth.processDeviceAuthorizationResponse(as, open, await oauth.deviceAuthorizationRequest(as, open, oauth.None(), new URLSearchParams({ scope: 'catalog:read' }), http));
  const poll = async () => oauth.processDeviceCodeResponse(as, open, await oauth.deviceCodeGrantRequest(as, open, oauth.None(), device.device_code, http));
  await refused(poll(), 'authorization_pending');
  await alice().visit(device.verification_uri_complete);
  await new Promise((done) => setTimeout(done, device.interval * 1000 + 200));
  assert.ok((await poll()).access_token);
});
await part('introspection', async () => assert.equal((await oauth.processIntrospectionResponse(as, app, await oauth.introspectionRequest(as, app, asBasic, answer.access_token, http))).active, true));
await part('token exchange', async () => {
  const response = await oauth.genericTokenEndpointRequest(as, app, asBasic, exchange, new URLSearchParams({ subject_token: answer.access_token, subject_token_type: accessTokenType }), http);
  assert.equal((await oauth.processGenericTokenEndpointResponse(as, app, response)).issued_token_type, accessTokenType);
});
await part('revocation', async () => {
  await oauth.processRevocationResponse(await oauth.revocationRequest(as, app, asBasic, answer.refresh_token, http));
  assert.equal((await oauth.processIntrospectionResponse(as, app, await oauth.introspectionRequest(as, app, asBasic, answer.access_token, http))).active, false);
});
await part('dynamic registration', async () => {
  const made = await oauth.processDynamicClientRegistrationResponse(await oauth.dynamicClientRegistrationRequest(as, { redirect_uris: [callback], token_endpoint_auth_method: 'none' }, http));
  return made.client_id;
});
console.log(`${seen} parts of two clients are as they should be`);
