using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Identity.People;

namespace CustobotGateway.BotDetection.Decisions;

/// <summary>Who reads decisions.</summary>
internal static class DecisionAccess
{
    /// <summary>Staff of any role, and clients with the scope <c>bot:score</c>.</summary>
    public static readonly RouteAccess Reader = new(false, Scopes.BotScore) { Or = [new RouteAccess(false, Scopes.Staff, Roles: [.. StaffRoles.Names])] };

    /// <summary>Staff who review, and whoever may do more.</summary>
    public static readonly RouteAccess Reviewer = new(false, Scopes.Staff, Roles: [.. StaffRoles.Names.Where(name => name != StaffRoles.NameOf(StaffRole.Viewer))]);
}
