using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.OAuth.Jose;
using CustobotGateway.OAuth.Tokens;

namespace CustobotGateway.Identity.ResourceServer;

/// <summary>An issuer whose tokens are accepted. Each has its own reader and its own keys, so that a key signs for its own issuer alone.</summary>
internal abstract class TrustedIssuer
{
    /// <summary>Its identifier, character by character as in <c>iss</c>.</summary>
    public abstract string Identifier { get; }

    /// <summary>Whether it is this gateway.</summary>
    public virtual bool IsOwn => false;

    /// <summary>What checks its tokens.</summary>
    public abstract AccessTokenReader Reader { get; }

    /// <summary>The keys to verify a token with that names this one; null if none can be had now.</summary>
    public abstract ValueTask<VerificationKeys?> KeysAsync(string? keyId, CancellationToken cancellationToken);

    /// <summary>What <c>aud</c> has to be in a token for the resource.</summary>
    public abstract string AudienceOf(ApiResource resource);

    /// <summary>Who calls with the token, and for how long this is so at most.</summary>
    public abstract ValueTask<(AgentPrincipal Agent, TimeSpan? Holds)> PrincipalOfAsync(AccessToken token, CancellationToken cancellationToken);

    /// <summary>The chain of those who act, the newest first.</summary>
    protected static IReadOnlyList<string> ActorsOf(AccessToken token)
    {
        var actors = new List<string>();
        for (var actor = token.Actor; actor is not null; actor = actor.Previous)
        {
            actors.Add(actor.Subject);
        }
        return actors;
    }
}
