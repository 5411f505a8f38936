using CustobotGateway.Common;
using CustobotGateway.Common.Http;

namespace CustobotGateway.BotDetection.Agents;

/// <summary>Tells a caller how its signature was read, so that an agent's author finds a fault without asking anyone.</summary>
public static class ReadSignature
{
    /// <summary>How the signature of this request was read.</summary>
    /// <param name="Signed">Whether there was one.</param>
    /// <param name="Verified">Whether it is believed.</param>
    /// <param name="Reason">Why it is not, such as <c>expired</c> or <c>unknown_key</c>; <c>verified</c> where it is, <c>no_signature</c> without one.</param>
    /// <param name="Text">The reason in words.</param>
    /// <param name="Agent">The agent's address; null where the key is not known.</param>
    /// <param name="Protocol"><c>web-bot-auth</c> or <c>tap</c>; null where no signature was in order.</param>
    /// <param name="KeyId">The key that the signature names; null where none was in order.</param>
    /// <param name="Remedy">How to sign; null where the signature is believed.</param>
    public sealed record Response(bool Signed, bool Verified, string Reason, string Text, string? Agent, string? Protocol, string? KeyId, Remedy? Remedy);

    internal static void Map(RouteGroupBuilder bots) => bots.MapGet("/signature", HandleAsync).WithName("readSignature").AllowPublic()
        .WithSummary("How your signature was read")
        .WithDescription("Answers how the message signature (RFC 9421, Web Bot Auth or Visa TAP) of this very request was read, and what is wrong with it. Its nonce is used by this, as by any request.");

    private static async Task<Response> HandleAsync(HttpContext context, AgentSignatures signatures)
    {
        var verdict = await signatures.JudgeAsync(context);
        context.Response.Headers.CacheControl = "no-store";
        return new Response(verdict.IsSigned, verdict.IsVerified, verdict.Reason, verdict.Text, verdict.IsVerified ? verdict.Agent : null, verdict.Protocol, verdict.KeyId, verdict.IsVerified ? null : verdict.Remedy);
    }
}
