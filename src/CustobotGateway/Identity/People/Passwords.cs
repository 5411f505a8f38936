using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace CustobotGateway.Identity.People;

/// <summary>What a password was worth.</summary>
public enum PasswordCheck
{
    /// <summary>It is not the password, or nobody has that account.</summary>
    Wrong,

    /// <summary>It is.</summary>
    Right,

    /// <summary>It is, and its hash is weaker than what is asked today.</summary>
    RightButWeak,

    /// <summary>Too many others are being checked; nothing was done.</summary>
    Busy,
}

/// <summary>
/// Hashes passwords by the framework's own hasher. A hash costs a tenth of a second of a core by intent, so only as many as there are cores run at once,
/// few wait, and the rest is sent away: else a flood of logins would stop everything else.
/// </summary>
public sealed class Passwords : IDisposable
{
    /// <summary>The shortest password, in characters (NIST SP 800-63B §5.1.1.1).</summary>
    public const int Shortest = 8;

    /// <summary>The longest: what is longer is no password but a burden.</summary>
    public const int Longest = 256;

    private const int MostWaiting = 64;

    private readonly PasswordHasher<object> _hasher;
    private readonly SemaphoreSlim _running = new(Math.Max(1, Environment.ProcessorCount - 1));
    private readonly Lazy<string> _nobodys;
    private int _waiting;

    /// <summary>Hashes with the rounds that are configured.</summary>
    public Passwords(PeopleOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = options.PasswordRounds }));
        _nobodys = new(() => _hasher.HashPassword(this, Guid.Empty.ToString()));
    }

    /// <summary>Why it cannot be a password; null if it can.</summary>
    public static string? FaultOf(string? password) => password is { Length: >= Shortest and <= Longest } ? null : $"A password has {Shortest} to {Longest} characters.";

    /// <summary>The salted, slow hash.</summary>
    public string Hash(string password) => _hasher.HashPassword(this, password);

    /// <summary>The same for what strangers send, as many at once as there are cores; null where too many are at it.</summary>
    public Task<string?> HashAsync(string password, CancellationToken cancellationToken) => InTurnAsync<string?>(() => Hash(password), null, cancellationToken);

    /// <summary>Checks a password against a stored hash, or against nobody's, which takes as long.</summary>
    public Task<PasswordCheck> CheckAsync(string? storedHash, string password, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(password);
        return InTurnAsync(() => Verify(storedHash, password), PasswordCheck.Busy, cancellationToken);
    }

    private async Task<T> InTurnAsync<T>(Func<T> work, T whenBusy, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _waiting) > MostWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            return whenBusy;
        }
        try
        {
            await _running.WaitAsync(cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
        try
        {
            return await Task.Run(work, cancellationToken);
        }
        finally
        {
            _running.Release();
        }
    }

    private PasswordCheck Verify(string? storedHash, string password)
    {
        var verified = _hasher.VerifyHashedPassword(this, storedHash ?? _nobodys.Value, password.Length <= Longest ? password : "");
        return storedHash is null || password.Length > Longest ? PasswordCheck.Wrong : verified switch
        {
            PasswordVerificationResult.Success => PasswordCheck.Right,
            PasswordVerificationResult.SuccessRehashNeeded => PasswordCheck.RightButWeak,
            _ => PasswordCheck.Wrong,
        };
    }

    /// <inheritdoc/>
    public void Dispose() => _running.Dispose();
}
