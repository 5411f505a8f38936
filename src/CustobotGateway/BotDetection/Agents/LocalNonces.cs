using CustobotGateway.MessageSignatures.Verification;

namespace CustobotGateway.BotDetection.Agents;

/// <summary>Remembers the nonces of requests in this gateway alone, for those who run a single one.</summary>
internal sealed class LocalNonces(TimeProvider clock) : INonceStore
{
    // A day's signatures of an agent in a hurry. Beyond it nobody knows, and nothing is verified.
    private const int Most = 2_000_000;
    private const int SweepEvery = 65_536;

    private readonly Dictionary<(string KeyId, string Nonce), DateTimeOffset> _used = [];
    private int _sinceSweep;

    public ValueTask<bool?> TryUseAsync(string keyId, string nonce, DateTimeOffset expires, CancellationToken cancellationToken)
    {
        lock (_used)
        {
            if (++_sinceSweep >= SweepEvery || _used.Count >= Most)
            {
                _sinceSweep = 0;
                var now = clock.GetUtcNow();
                foreach (var (key, until) in _used)
                {
                    if (until <= now)
                    {
                        _used.Remove(key);
                    }
                }
            }
            return new(_used.Count >= Most ? null : _used.TryAdd((keyId, nonce), expires));
        }
    }
}
