using CustobotGateway.MessageSignatures.Messages;

namespace CustobotGateway.MessageSignatures.Verification;

/// <summary>
/// Verifies messages (RFC 9421 §3.2) by the profiles that it is given: first all that needs no key, then, for each signature that is in order, its key; the nonce
/// last, so that no refused message uses one up. One good signature suffices.
/// </summary>
public sealed class SignatureVerifier
{
    private readonly SignatureReader _reader;

    /// <summary>By those profiles.</summary>
    public SignatureVerifier(params IReadOnlyList<SignatureProfile> profiles)
    {
        ArgumentNullException.ThrowIfNull(profiles);
        _reader = new SignatureReader(profiles);
    }

    /// <summary>The fields that signatures come in: without either of them there is nothing to verify.</summary>
    public static IReadOnlyList<string> Fields { get; } = [SignatureReader.InputField, SignatureReader.SignatureField];

    /// <summary>Checks all that needs no key. Never throws for what a message holds.</summary>
    public PreparedSignatures Prepare(HttpMessage message, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(message);
        return _reader.Read(message, now);
    }

    /// <summary>Checks a message with the keys of that source.</summary>
    public async ValueTask<Judgement> JudgeAsync(HttpMessage message, DateTimeOffset now, IKeySource keys, INonceStore nonces, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(nonces);
        var prepared = Prepare(message, now);
        var furthest = new Judgement(prepared.Fault, null, null);
        foreach (var candidate in prepared.Candidates)
        {
            var known = await keys.FindAsync(candidate, cancellationToken).ConfigureAwait(false);
            var fault = known is null || !known.Key.IsGoodAt(now) ? SignatureFault.UnknownKey
                : known.Authorities is { } authorities && message.Authority is { } authority && !authorities.Contains(authority) ? SignatureFault.WrongAuthority
                : candidate.Verify(known.Key);
            if (fault == SignatureFault.None && candidate.Nonce is { } nonce)
            {
                // Remembered for as long as the signature could be shown again.
                fault = await nonces.TryUseAsync(candidate.KeyId, nonce, candidate.Expires, cancellationToken).ConfigureAwait(false) switch
                {
                    true => SignatureFault.None,
                    false => SignatureFault.Replay,
                    null => SignatureFault.ReplayUnknown,
                };
            }
            if (fault == SignatureFault.None)
            {
                return new Judgement(fault, candidate, known!.Owner);
            }
            if (fault > furthest.Fault)
            {
                furthest = new Judgement(fault, candidate, known?.Owner);
            }
        }
        return furthest;
    }
}
