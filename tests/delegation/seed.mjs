// Writes the seed file that ./run loads: the agent and the person's other client. The person signs up.
import fs from 'node:fs';

const client = (client_id, scopes, more) => ({
  client_id, client_secret: 'a secret', token_endpoint_auth_method: 'client_secret_basic', redirect_uris: ['https://client.example/callback'],
  grant_types: ['authorization_code', 'refresh_token'], scopes, ...more,
});
fs.writeFileSync('seed.json', JSON.stringify({
  clients: [client('office-agent', ['catalog:read', 'negotiations', 'checkout', 'orders:read', 'grants:read', 'offline_access'], { authorization_details_types: ['purchase_mandate'] })],
}, null, 2));
