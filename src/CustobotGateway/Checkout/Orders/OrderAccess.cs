using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Identity.People;

namespace CustobotGateway.Checkout.Orders;

/// <summary>Who sees and does what of orders; the only place that decides it.</summary>
internal static class OrderAccess
{
    private static readonly string[] Operators = [StaffRoles.NameOf(StaffRole.OrderOperator)];
    private static readonly string[] Deciders = [.. Operators, StaffRoles.NameOf(StaffRole.Approver), StaffRoles.NameOf(StaffRole.Reviewer)];
    private static readonly string[] Watchers = [.. Deciders, StaffRoles.NameOf(StaffRole.Viewer)];

    private static readonly RouteAccess Watching = new(false, Scopes.Staff, Roles: Watchers);
    private static readonly RouteAccess Deciding = new(false, Scopes.Staff, Roles: Deciders);
    private static readonly RouteAccess Operating = new(false, Scopes.Staff, Roles: Operators);

    private static readonly RouteAccess Reader = new(false, Scopes.OrdersRead) { Or = [new(false, Scopes.GrantsManage), Watching] };
    private static readonly RouteAccess BuyerOrOperator = new(false, Scopes.Checkout) { Or = [Operating] };
    private static readonly RouteAccess BuyerOrDecider = new(false, Scopes.Checkout) { Or = [Deciding] };

    /// <summary>What a query needs to know of a caller to show it what it may see: <see cref="Visible"/>.</summary>
    /// <param name="Grant">The agent's grant, or null.</param>
    /// <param name="OfPerson">The person whose orders a client sees that manages the person's grants, or null.</param>
    /// <param name="All">Whether the caller sees all of them.</param>
    /// <param name="IsTest">Whether test data or the others are seen; null for both.</param>
    public sealed record Sight(string? Grant, string? OfPerson, bool All, bool? IsTest = null);

    /// <summary>The condition, with the members of <see cref="Sight"/> as parameters, on a table of the alias <c>o</c> that has <c>grant_id</c>, <c>person</c> and <c>is_test</c>.</summary>
    public const string Visible = "(o.grant_id = @Grant or o.person = @OfPerson or @All) and (@IsTest::boolean is null or o.is_test = @IsTest)";

    /// <summary>What the caller sees: an agent what its grant bought, a client that manages a person's grants what was bought for the person, staff everything.</summary>
    public static Sight SightOf(AgentPrincipal agent) => new(agent.GrantId,
        agent.Scopes.Contains(Scopes.GrantsManage) && !string.IsNullOrEmpty(agent.OnBehalfOf) ? agent.OnBehalfOf : null, Has(agent, Watchers), agent.IsTest);

    /// <summary>What the caller may change as the agent that bought, or as staff that operates orders.</summary>
    public static Sight HandOf(AgentPrincipal agent) => new(agent.GrantId, null, IsOperator(agent), agent.IsTest);

    /// <summary>What the caller may change as the agent that bought, or as staff that decides cases and returns.</summary>
    public static Sight VoiceOf(AgentPrincipal agent) => new(agent.GrantId, null, IsDecider(agent), agent.IsTest);

    /// <summary>Whether the caller acts for the merchant on orders: ships, cancels, refunds.</summary>
    public static bool IsOperator(AgentPrincipal agent) => Has(agent, Operators);

    /// <summary>Whether the caller decides returns and cases for the merchant.</summary>
    public static bool IsDecider(AgentPrincipal agent) => Has(agent, Deciders);

    /// <summary>Who is written down: of the staff the person, where there is one.</summary>
    public static string ActorOf(AgentPrincipal agent) => agent.GrantId is null ? agent.OnBehalfOf ?? agent.Subject ?? agent.ClientId ?? "administrator" : agent.ClientId ?? "administrator";

    /// <summary>Agents, clients that manage grants, staff.</summary>
    public static TBuilder RequireOrderReader<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(Reader);

    /// <summary>The agent that bought, or staff that operates orders.</summary>
    public static TBuilder RequireBuyerOrOperator<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(BuyerOrOperator);

    /// <summary>The agent that bought, or staff that decides.</summary>
    public static TBuilder RequireBuyerOrDecider<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(BuyerOrDecider);

    /// <summary>Staff that operates orders: the merchant's own system.</summary>
    public static TBuilder RequireOrderOperator<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(Operating);

    /// <summary>Staff that decides.</summary>
    public static TBuilder RequireOrderDecider<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(Deciding);

    private static bool Has(AgentPrincipal agent, string[] roles) => agent.IsAdministrator || roles.Any(agent.Roles.Contains);
}
