using CustobotGateway.OAuth.Challenges;

namespace CustobotGateway.Common.Http;

/// <summary>Finds out whose token a request presents.</summary>
internal sealed class Credentials(IEnumerable<IRecognizer> opaque, ITokenRecognizer signed)
{
    private readonly IRecognizer[] _opaque = [.. opaque];

    /// <summary>Who calls a resource, or why the token is refused.</summary>
    public async ValueTask<Recognized> RecognizeAsync(PresentedToken presented, ApiResource resource, HttpContext context)
    {
        // An opaque token has no key that it could be bound to: with the scheme DPoP it is none (RFC 9449 §7.1).
        var agent = presented.IsDpop ? null : await RecognizeOpaqueAsync(presented.Token, context.RequestAborted);
        return agent is not null ? new Recognized(agent)
            : presented.Token.Contains('.', StringComparison.Ordinal) ? await signed.RecognizeAsync(presented, resource, context)
            : Recognized.Unknown;
    }

    /// <summary>Whose token it is, where it is no access token; null for nobody's.</summary>
    public async ValueTask<AgentPrincipal?> RecognizeOpaqueAsync(string token, CancellationToken cancellationToken)
    {
        foreach (var recognizer in _opaque)
        {
            if (await recognizer.RecognizeAsync(token, cancellationToken) is { } known)
            {
                return known;
            }
        }
        return null;
    }

    /// <summary>Uses up the proof that came with the token; true where there is none.</summary>
    public ValueTask<bool> TryClaimAsync(Recognized recognized, CancellationToken cancellationToken) =>
        recognized.Proof is { } proof ? signed.TryClaimAsync(proof, cancellationToken) : new(true);
}
