using CustobotGateway.Common;
using CustobotGateway.Common.Callers;
using CustobotGateway.Common.Http;
using CustobotGateway.Identity.People;

namespace CustobotGateway.BotDetection.Trust;

/// <summary>Who may see and dispute the trust in an operator: itself, by token or by signature, and staff.</summary>
internal static class TrustAccess
{
    private const string Me = "me";

    /// <summary>The operator that is meant and who asks, or the refusal.</summary>
    /// <param name="context">The request.</param>
    /// <param name="text">The operator as it stands in the path; <c>me</c> is the caller.</param>
    /// <param name="staffRoles">The roles of staff that may do this for any operator.</param>
    public static Outcome<Asked> Read(HttpContext context, string text, params StaffRole[] staffRoles)
    {
        var (agent, caller) = (context.GetAgent(), context.GetCaller());
        // An agent's address has slashes, which stay escaped in a path.
        var name = Uri.UnescapeDataString(text).Replace("\0", "", StringComparison.Ordinal);
        var own = caller?.Operator ?? agent.ClientId;
        if (name == Me && own is not null)
        {
            name = own;
        }
        var isStaff = agent.IsAdministrator || agent.Roles.Any(role => StaffRoles.Find(role) is { } held && StaffRoles.Allow([held], staffRoles));
        if (isStaff || (own is not null && name == own) || (agent.ClientId is not null && name == agent.ClientId))
        {
            return new Asked(name, isStaff ? Lanes.LanesModule.ActorOf(agent) : name, isStaff);
        }
        return own is null
            ? CommonProblems.Unauthorized.With("An operator reads its own trust: show an access token of the client, or sign the request.")
            : CommonProblems.Forbidden.With($"You are {own}, and read your own trust alone.", remedy: new Remedy("Read your own.", "/v1/bot-detection/trust/me"));
    }

    /// <summary>What was asked.</summary>
    /// <param name="Operator">About whom.</param>
    /// <param name="Actor">Who asks.</param>
    /// <param name="IsStaff">Whether it is staff.</param>
    public sealed record Asked(string Operator, string Actor, bool IsStaff);
}
