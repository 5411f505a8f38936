// Writes the seed file that ./run loads, and the private key of the client that signs its assertions.
import fs from 'node:fs';
import { exportJWK, generateKeyPair } from 'jose';

const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
const jwk = { ...(await exportJWK(publicKey)), kid: 'assertions', alg: 'ES256', use: 'sig' };
fs.writeFileSync('private.json', JSON.stringify({ ...(await exportJWK(privateKey)), kid: 'assertions', alg: 'ES256' }));

const grants = ['authorization_code', 'refresh_token', 'client_credentials', 'urn:ietf:params:oauth:grant-type:device_code', 'urn:ietf:params:oauth:grant-type:token-exchange'];
const client = (client_id, more) => ({
  client_id, redirect_uris: ['https://client.example/callback'], grant_types: grants, token_endpoint_auth_method: 'client_secret_basic',
  client_secret: 'a secret with spaces & signs: %+/=', scopes: ['openid', 'offline_access', 'catalog:read', 'checkout'],
  authorization_details_types: ['purchase_mandate'], ...more,
});
fs.writeFileSync('seed.json', JSON.stringify({
  people: [{ email: 'alice@example.com', password: 'correct horse battery staple', roles: [] }],
  clients: [
    client('basic-app', {}),
    client('post-app', { token_endpoint_auth_method: 'client_secret_post', require_par: true }),
    client('jwt-app', { token_endpoint_auth_method: 'private_key_jwt', client_secret: undefined, jwks: { keys: [jwk] } }),
    client('bound-app', { require_dpop: true, require_par: true }),
    client('public-app', {
      token_endpoint_auth_method: 'none', client_secret: undefined, redirect_uris: ['http://127.0.0.1/callback'],
      grant_types: grants.filter((grant) => !['client_credentials', 'urn:ietf:params:oauth:grant-type:token-exchange'].includes(grant)),
    }),
  ],
}, null, 2));
