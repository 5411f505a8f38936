namespace CustobotGateway.OAuth.Jose;

/// <summary>The server's keys with their times; asks the time for every answer and changes nothing.</summary>
public sealed class SigningKeys : IDisposable
{
    private readonly List<(SigningKey Key, KeyPeriod Period)> _keys;

    /// <summary>Takes over the keys and disposes them.</summary>
    public SigningKeys(IEnumerable<(SigningKey Key, KeyPeriod Period)> keys) => _keys = [.. keys.OrderBy(key => key.Period.SignsFrom)];

    /// <summary>
    /// The key to sign with; null if there is none. When the current one has ended and its successor is not due yet (the server was off when it
    /// should have been announced), the ended one goes on while it is published, and then the successor begins early.
    /// </summary>
    public SigningKey? Current(string algorithm, DateTimeOffset now) =>
        _keys.FindLast(key => Is(key, algorithm, KeyState.Current, now)).Key
        ?? _keys.FindLast(key => Is(key, algorithm, KeyState.Retired, now)).Key
        ?? _keys.Find(key => Is(key, algorithm, KeyState.Announced, now)).Key;

    /// <summary>Every key that is announced, current or retired, the current one of each algorithm first (RFC 7517 §5).</summary>
    public JwkSet Published(DateTimeOffset now) => new([.. _keys
        .Where(key => key.Period.StateAt(now) != KeyState.Gone)
        .OrderBy(key => key.Period.StateAt(now) == KeyState.Current ? 0 : 1)
        .Select(key => key.Key.Public)]);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (key, _) in _keys)
        {
            key.Dispose();
        }
    }

    private static bool Is((SigningKey Key, KeyPeriod Period) key, string algorithm, KeyState state, DateTimeOffset now) =>
        key.Period.Algorithm == algorithm && key.Period.StateAt(now) == state;
}
