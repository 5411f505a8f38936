using CustobotGateway.BotDetection.Agents;
using CustobotGateway.BotDetection.Scoring;
using CustobotGateway.Common;
using CustobotGateway.Common.Callers;

namespace CustobotGateway.BotDetection.Decisions;

/// <summary>The decision about a request that is being served.</summary>
internal sealed class LiveDecision : CallerDecision
{
    private readonly CallerScore _score;
    private readonly SignatureVerdict _signature;
    private CallerReason? _proof;

    /// <param name="score">What the request and the visit show.</param>
    /// <param name="headers">The request's headers.</param>
    /// <param name="signature">What became of its signatures.</param>
    public LiveDecision(CallerScore score, ReceivedHeaders headers, SignatureVerdict signature)
    {
        (_score, _signature, Headers) = (score, signature, headers);
        Class = CallerClasses.Decide(signature.IsVerified, score);
        if (signature.IsVerified)
        {
            Operator = signature.Agent;
            _proof = new CallerReason("signature_verified", $"It signed the request with a key of {signature.Agent}.", 0);
        }
    }

    /// <inheritdoc/>
    public override int Score => _score.Score;

    /// <inheritdoc/>
    public override string? DeclaredAs => _score.DeclaredAs;

    /// <inheritdoc/>
    public override bool HasBadSignature => _signature.IsRefused;

    /// <inheritdoc/>
    public override IReadOnlyList<CallerReason> Reasons => _proof is null ? _score.Reasons : [_proof, .. _score.Reasons];

    /// <summary>The headers that were judged.</summary>
    public ReceivedHeaders Headers { get; }

    /// <summary>Whether the decision is kept, decided when the request came in.</summary>
    public bool IsKept { get; set; }

    /// <summary>Takes an access token as proof of who operates the agent; a signature, which is about this very request, comes first.</summary>
    public void ProveBy(AgentPrincipal agent)
    {
        if (Class == CallerClass.VerifiedAgent || agent.ClientId is null || agent.IsAdministrator)
        {
            return;
        }
        (Class, Operator) = (CallerClass.VerifiedAgent, agent.ClientId);
        _proof = agent.Thumbprint is null
            ? new CallerReason("oauth_token", $"It showed an access token of the client {agent.ClientId}.", 0)
            : new CallerReason("oauth_bound_token", $"It showed an access token of the client {agent.ClientId} and proved the key that the token is bound to.", 0);
    }
}
