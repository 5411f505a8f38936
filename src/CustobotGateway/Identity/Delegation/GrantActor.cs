using CustobotGateway.Common;

namespace CustobotGateway.Identity.Delegation;

/// <summary>Who acts on a grant: the person on a page, an agent or another client by a token, or the merchant's staff. <see cref="GrantAccess"/> says what each may.</summary>
public abstract record GrantActor
{
    private GrantActor()
    {
    }

    /// <summary>Who acts, for the grant's history.</summary>
    public abstract string Name { get; }

    /// <summary>Whose keys for repeated requests these are.</summary>
    internal abstract AgentPrincipal Caller { get; }

    /// <summary>Who calls the API.</summary>
    public static GrantActor Of(AgentPrincipal caller)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return caller.IsAdministrator || caller.Roles.Contains(GrantAccess.StaffRole) ? new Staff(caller) : new Agent(caller);
    }

    /// <summary>The person, signed in on a page.</summary>
    /// <param name="PersonId"><c>usr_…</c></param>
    public sealed record Person(string PersonId) : GrantActor
    {
        /// <inheritdoc/>
        public override string Name => PersonId;

        internal override AgentPrincipal Caller => AgentPrincipal.Anonymous with { OnBehalfOf = PersonId, ClientId = "pages" };
    }

    /// <summary>A client with a token: the grant's own agent, or one that manages grants for the person.</summary>
    /// <param name="Principal">The caller.</param>
    public sealed record Agent(AgentPrincipal Principal) : GrantActor
    {
        /// <inheritdoc/>
        public override string Name => Principal.ClientId ?? "anonymous";

        internal override AgentPrincipal Caller => Principal;
    }

    /// <summary>A test client, which decides for the persons of its own grants: they are made up.</summary>
    /// <param name="Principal">The caller.</param>
    public sealed record Tester(AgentPrincipal Principal) : GrantActor
    {
        /// <inheritdoc/>
        public override string Name => Principal.ClientId ?? "anonymous";

        internal override AgentPrincipal Caller => Principal;
    }

    /// <summary>The merchant's staff, or the administrator.</summary>
    /// <param name="Principal">The caller.</param>
    public sealed record Staff(AgentPrincipal Principal) : GrantActor
    {
        /// <inheritdoc/>
        public override string Name => Principal.OnBehalfOf ?? Principal.ClientId ?? "administrator";

        internal override AgentPrincipal Caller => Principal;
    }
}
