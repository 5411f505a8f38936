using CustobotGateway.Common;
using CustobotGateway.Common.Http;

namespace CustobotGateway.Identity.Delegation;

/// <summary>What somebody wants to do to a grant.</summary>
public enum GrantRight
{
    /// <summary>See it, what is left of it, its approvals and preferences.</summary>
    Read,

    /// <summary>See its whole history, and what ends with it.</summary>
    Audit,

    /// <summary>Pause, resume and revoke it.</summary>
    Steer,

    /// <summary>Decide approvals and set preferences: what only the person wants.</summary>
    Decide,
}

/// <summary>Who may do what to a grant; the only place that decides it.</summary>
public static class GrantAccess
{
    /// <summary>The role of staff who see and end grants.</summary>
    public const string StaffRole = "grant_operator";

    /// <summary>Lets those call who may see a grant: its agent, a client that manages grants, staff.</summary>
    internal static TBuilder RequireGrantReader<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(Reader);

    /// <summary>Lets those call who may steer a grant: a client that manages grants, staff.</summary>
    internal static TBuilder RequireGrantManager<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(Manager);

    private static readonly RouteAccess Operator = new(false, Scopes.Staff, Roles: [StaffRole]);

    /// <summary>Whose token may decide for its person.</summary>
    internal static readonly RouteAccess Decider = new(false, Scopes.GrantsManage);

    /// <summary>Whose token may steer a grant.</summary>
    internal static readonly RouteAccess Manager = Decider with { Or = [Operator] };

    /// <summary>Whose token may see a grant.</summary>
    internal static readonly RouteAccess Reader = new(false, Scopes.GrantsRead) { Or = [Decider, Operator] };

    /// <summary>
    /// The refusal; null where the actor has the right. The person has every right on their own grants. Staff see and steer them all and decide nothing. The grant's
    /// own agent sees it. Another client with the scope <c>grants:manage</c> acts for its token's person, save on grants that it, or anyone in its chain, lives from:
    /// no agent approves itself.
    /// </summary>
    internal static Problem? Check(GrantActor actor, GrantRow? grant, GrantRight right, string id) => actor switch
    {
        _ when grant is null => Unknown(id),
        GrantActor.Person person => person.PersonId == grant.Person ? null : Unknown(id),
        // Staff decide nothing as such; of their own grants they are the persons.
        GrantActor.Staff { Principal: var agent } => right != GrantRight.Decide ? null
            : Manages(agent) && agent.OnBehalfOf == grant.Person ? Check(new GrantActor.Agent(agent), grant, right, id)
            : NotTheirs,
        GrantActor.Tester { Principal: var agent } => agent.IsTest && agent.ClientId == grant.ClientId ? null : Unknown(id),
        GrantActor.Agent { Principal: var agent } when agent.GrantId == grant.Id => right == GrantRight.Read ? null : NotItself,
        GrantActor.Agent { Principal: var agent } when Manages(agent) && agent.OnBehalfOf == grant.Person => LivesFrom(agent, grant) ? NotItself : null,
        _ => Unknown(id),
    };

    /// <summary>Whether the caller acts for its person on the person's grants.</summary>
    internal static bool Manages(AgentPrincipal agent) => agent.OnBehalfOf is not null && agent.Scopes.Contains(Scopes.GrantsManage);

    /// <summary>The clients whose grants the caller does not manage: itself, and whoever acted before it.</summary>
    internal static string[] OwnClients(AgentPrincipal agent) => [agent.ClientId!, .. agent.Actors];

    internal static Problem Unknown(string id) => CommonProblems.NotFound.With($"There is no grant {id} that you may know of.");

    private static bool LivesFrom(AgentPrincipal agent, GrantRow grant) =>
        OwnClients(agent).Any(client => client == grant.ClientId || grant.Delegates.Contains(client)) || grant.CallerClient == grant.ClientId;

    private static readonly Problem NotTheirs = CommonProblems.Forbidden.With(
        "Only the person who delegated decides approvals and preferences.", remedy: new Remedy("Ask the person to decide on the approvals page.", "/approvals"));

    private static readonly Problem NotItself = CommonProblems.Forbidden.With(
        "An agent does not change or decide about the grant that it acts under.", remedy: new Remedy("Ask the person to do it on the page of their grants.", "/grants"));
}
