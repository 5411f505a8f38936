namespace CustobotGateway.OAuth.Jose;

/// <summary>How a signing key stands at a time.</summary>
public enum KeyState
{
    /// <summary>Published, so that caches learn of it, and not used yet.</summary>
    Announced,

    /// <summary>Used to sign.</summary>
    Current,

    /// <summary>Published while tokens that it signed may live; not used any more.</summary>
    Retired,

    /// <summary>Neither published nor used: to be deleted.</summary>
    Gone,
}

/// <summary>The times of one key.</summary>
/// <param name="KeyId">Its name.</param>
/// <param name="Algorithm">What it signs with; each algorithm rotates by itself.</param>
/// <param name="SignsFrom">From then on it signs.</param>
/// <param name="SignsUntil">From then on it only verifies.</param>
/// <param name="PublishedUntil">From then on it is gone.</param>
public sealed record KeyPeriod(string KeyId, string Algorithm, DateTimeOffset SignsFrom, DateTimeOffset SignsUntil, DateTimeOffset PublishedUntil)
{
    /// <summary>How the key stands at that time.</summary>
    public KeyState StateAt(DateTimeOffset now) => now >= PublishedUntil ? KeyState.Gone
        : now >= SignsUntil ? KeyState.Retired
        : now >= SignsFrom ? KeyState.Current
        : KeyState.Announced;
}

/// <summary>When keys are made, used and dropped: a next one is always announced before the current one ends.</summary>
public sealed record KeySchedule
{
    /// <summary>How long a key is published before it signs; caches of the key set may not outlive it. 14 days by default.</summary>
    public TimeSpan Announced { get; init; } = TimeSpan.FromDays(14);

    /// <summary>How long a key signs. 90 days by default.</summary>
    public TimeSpan Signs { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How long a retired key stays published: longer than the longest token, and its skew. 1 day by default.</summary>
    public TimeSpan Retired { get; init; } = TimeSpan.FromDays(1);

    /// <summary>
    /// When a new key would sign, or null if none is needed now. The very first signs at once; a successor is made as soon as the last one's end is no
    /// farther than the time that it has to be announced. A new key that is late is announced all the same, and the old one signs on meanwhile:
    /// see <see cref="SigningKeys.Current"/>.
    /// </summary>
    public DateTimeOffset? NextSignsFrom(IEnumerable<KeyPeriod> periods, string algorithm, DateTimeOffset now)
    {
        var known = periods.Where(period => period.Algorithm == algorithm && period.StateAt(now) != KeyState.Gone).ToList();
        if (known.Count == 0)
        {
            return now;
        }
        var last = known.Max(period => period.SignsUntil);
        return last - Announced > now ? null
            : last < now + Announced ? now + Announced
            : last;
    }

    /// <summary>The times of a key that signs from then on.</summary>
    public KeyPeriod Plan(string keyId, string algorithm, DateTimeOffset signsFrom) =>
        new(keyId, algorithm, signsFrom, signsFrom + Signs, signsFrom + Signs + Retired);
}
