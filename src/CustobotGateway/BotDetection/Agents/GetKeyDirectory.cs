using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.MessageSignatures.Messages;
using CustobotGateway.MessageSignatures.WebBotAuth;

namespace CustobotGateway.BotDetection.Agents;

/// <summary>The public keys that the gateway signs with, for whoever wants to verify its webhooks and answers.</summary>
internal static class GetKeyDirectory
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet(KeyDirectory.Path, Handle).WithName("getKeyDirectory").WithTags("Bot detection").AllowPublic()
        .Produces<PublishedKeys>(200, KeyDirectory.MediaType).ProducesProblem(503)
        .WithSummary("The gateway's message signature keys")
        .WithDescription("A JSON Web Key Set (RFC 7517) of the keys that the gateway signs its answers and webhooks with (RFC 9421). The answer is signed itself, once by each key, for the host that was asked.");

    private static IResult Handle(HttpContext context, MessageKeyRing keys, MessageSigner signer, OwnAuthorities own)
    {
        var published = keys.Published;
        if (published.Count == 0)
        {
            return CommonProblems.NotReady.With("The gateway has no key yet: its database was not reached since it started.", retryAfterSeconds: 2).ToHttp();
        }
        var request = SignedRequests.Of(context, own);
        // Of nobody else's host, whatever the request says: a signature over it would be a mirror's.
        var signatures = own.Hosts.Contains(request.Authority!) ? signer.SignDirectory(HttpMessage.Response(StatusCodes.Status200OK, MessageFields.None, request)) : [];
        if (signatures.Count > 0)
        {
            context.Response.Headers["Signature-Input"] = string.Join(", ", signatures.Select(one => one.Input));
            context.Response.Headers["Signature"] = string.Join(", ", signatures.Select(one => one.Signature));
        }
        context.Response.Headers.CacheControl = $"public, max-age={(int)MessageKeyRing.CacheTime.TotalSeconds}";
        return TypedResults.Bytes(KeyDirectory.Write(published.Select(key => key.Public)), KeyDirectory.MediaType);
    }

    /// <summary>A JSON Web Key Set.</summary>
    /// <param name="Keys">The keys.</param>
    public sealed record PublishedKeys(IReadOnlyList<PublishedKey> Keys);

    /// <summary>A public key (RFC 7517, RFC 8037).</summary>
    /// <param name="Kty"><c>OKP</c>, or <c>EC</c> where the machine has no Ed25519.</param>
    /// <param name="Crv"><c>Ed25519</c>, or <c>P-256</c>.</param>
    /// <param name="X">The key, base64url.</param>
    /// <param name="Kid">Its SHA-256 thumbprint (RFC 7638), which is <c>keyid</c> in signatures.</param>
    /// <param name="Use"><c>sig</c>.</param>
    /// <param name="Y">The second coordinate; absent for Ed25519.</param>
    public sealed record PublishedKey(string Kty, string Crv, string X, string Kid, string Use, string? Y = null);
}
