using CustobotGateway.MessageSignatures.Keys;

namespace CustobotGateway.MessageSignatures.Verification;

/// <summary>A key that somebody is known by.</summary>
/// <param name="Key">The key.</param>
/// <param name="Owner">Whose it is.</param>
/// <param name="Authorities">The hosts that its owner may sign for, in lower case; null for any.</param>
public sealed record KnownKey(VerifyingKey Key, string Owner, IReadOnlyCollection<string>? Authorities = null);

/// <summary>Finds keys; fetches them, if it has to.</summary>
public interface IKeySource
{
    /// <summary>The key that the signature names; null if nobody is known by it.</summary>
    ValueTask<KnownKey?> FindAsync(SignatureCandidate candidate, CancellationToken cancellationToken);
}
