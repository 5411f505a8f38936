using CustobotGateway.MessageSignatures.Messages;
using CustobotGateway.MessageSignatures.Verification;

namespace CustobotGateway.BotDetection.Agents;

/// <summary>Says of a request whether its sender has proved to be an agent that the merchant trusts.</summary>
public sealed class AgentSignatures
{
    private readonly SignatureVerifier _verifier;
    private readonly KnownAgents _agents;
    private readonly OwnAuthorities _own;
    private readonly INonceStore _live;
    private readonly TimeProvider _clock;

    internal AgentSignatures(AgentOptions options, KnownAgents agents, OwnAuthorities own, INonceStore live, TimeProvider clock) =>
        (_verifier, _agents, _own, _live, _clock) = (options.ToVerifier(), agents, own, live, clock);

    /// <summary>Whether there is anything to judge: two look-ups in the headers.</summary>
    public static bool IsSigned(IHeaderDictionary headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        return headers.ContainsKey("Signature-Input") || headers.ContainsKey("Signature");
    }

    /// <summary>
    /// Judges the request that is being answered, by this moment. Once for each request: the verdict is kept with it, since judging again would find the nonce used. Costs nothing
    /// where there is no signature.
    /// </summary>
    public ValueTask<SignatureVerdict> JudgeAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return !IsSigned(context.Request.Headers) ? new(SignatureVerdict.Unsigned)
            : context.Features.Get<SignatureVerdict>() is { } judged ? new(judged)
            : JudgeOnceAsync(context);
    }

    /// <summary>Judges a request that was recorded, by the time at which it was received.</summary>
    /// <param name="method">Its method.</param>
    /// <param name="target">Path and query as they were sent.</param>
    /// <param name="headers">Names and values as they were sent; <c>host</c>, or <c>:authority</c>, says to which host.</param>
    /// <param name="receivedAt">The time to judge by.</param>
    /// <param name="scope">Where nonces are remembered: <see cref="NonceScope.NewBatch"/> once for a batch.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public ValueTask<SignatureVerdict> JudgeAsync(
        string method, string target, IReadOnlyList<(string Name, string Value)> headers, DateTimeOffset receivedAt, NonceScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(headers);
        for (var i = 0; i < headers.Count; i++)
        {
            if (headers[i].Name.StartsWith("signature", StringComparison.OrdinalIgnoreCase))
            {
                return JudgeAsync(SignedRequests.Of(method, target, headers, _own), receivedAt, scope, cancellationToken);
            }
        }
        return new(SignatureVerdict.Unsigned);
    }

    /// <summary>Judges a message.</summary>
    public async ValueTask<SignatureVerdict> JudgeAsync(HttpMessage message, DateTimeOffset now, NonceScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        var judgement = await _verifier.JudgeAsync(message, now, scope.Batch is null ? _agents.Live : _agents.Recorded, scope.Batch ?? _live, cancellationToken);
        var signature = judgement.Signature;
        return judgement.Fault == SignatureFault.NoSignature
            ? SignatureVerdict.Unsigned
            : new SignatureVerdict(true, judgement.Fault, judgement.Owner, signature?.Profile.Name, signature?.Tag, signature?.KeyId);
    }

    private async ValueTask<SignatureVerdict> JudgeOnceAsync(HttpContext context)
    {
        var verdict = await JudgeAsync(SignedRequests.Of(context, _own), _clock.GetUtcNow(), NonceScope.Live, context.RequestAborted);
        context.Features.Set(verdict);
        return verdict;
    }
}
