using CustobotGateway.Common.Preferences;
using FluentValidation;

namespace CustobotGateway.Identity.Delegation;

/// <summary>What people let agents do: grants, mandates, approvals, preferences.</summary>
internal static class DelegationModule
{
    public static IServiceCollection AddDelegation(this IServiceCollection services) => services
        .AddSingleton<IValidator<IssueGrant.Request>, IssueGrant.Validator>()
        .AddSingleton<IValidator<BuyingPreferences>, BuyingPreferencesValidator>()
        .AddSingleton<IPreferencesOfAgent, PreferencesOfAgent>()
        .AddSingleton<IGrantDependents, IdentityDependents>()
        .AddSingleton<GrantEnding>()
        .AddSingleton<GrantContext>();

    public static void MapDelegation(this IEndpointRouteBuilder routes)
    {
        var grants = routes.MapGroup("/v1/grants").WithTags("Grants");
        IssueGrant.Map(grants);
        ListGrants.Map(grants);
        GetGrant.Map(grants);
        RevokeGrant.Map(grants);
        GetRemaining.Map(grants);
        PauseGrant.Map(grants);
        ResumeGrant.Map(grants);
        PreviewRevocation.Map(grants);
        GetGrantEvents.Map(grants);
        GetPreferences.Map(grants);
        SetPreferences.Map(grants);
        var approvals = routes.MapGroup("/v1/approvals").WithTags("Approvals");
        ListApprovals.Map(approvals);
        GetApproval.Map(approvals);
        DecideApproval.Map(approvals);
    }
}
