using CustobotGateway.Common;
using CustobotGateway.Common.Callers;
using CustobotGateway.Common.Http;
using CustobotGateway.OAuth.Metadata;

namespace CustobotGateway.BotDetection.Lanes;

/// <summary>What leads a caller into another lane.</summary>
internal static class LaneRemedies
{
    private const string HowToSign = "/problems/lane_forbids";

    private static readonly Remedy MendSignature = new(
        "The request's message signature does not verify. Sign anew with the key that the gateway knows, or leave Signature and Signature-Input out: the linked page says what has to be signed.", HowToSign);

    /// <summary>For a caller whose lane refuses something.</summary>
    public static Remedy For(HttpContext context, CallerDecision caller) =>
        BetterLane(context, caller) ?? new Remedy(
            "Your trust at this gateway says what would raise it, and takes appeals; else ask the merchant.", "/v1/bot-detection/trust/" + Uri.EscapeDataString(caller.Operator ?? "me"));

    /// <summary>What leads into another lane; null for who has proved who it is.</summary>
    public static Remedy? BetterLane(HttpContext context, CallerDecision caller) =>
        caller.HasBadSignature ? MendSignature
        : caller.Class == CallerClass.VerifiedAgent ? null
        : new Remedy(
            $"Say who you are: register a client with the authorization server, ask for a token{ScopeOf(context)} and send it as 'Authorization: Bearer <token>'; the linked metadata name its endpoints. "
            + $"Or sign requests by Web Bot Auth, as {HowToSign} says.", MetadataOf(context));

    private static string ScopeOf(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<RouteAccess>()?.Scope is { } scope ? $" with the scope '{scope}'" : "";

    private static string MetadataOf(HttpContext context) => WellKnown.AuthorizationServer(context.RequestServices.GetRequiredService<PublicUrl>().Base);
}
