using CustobotGateway.Common;
using CustobotGateway.Identity.People;
using FluentValidation;

namespace CustobotGateway.BotDetection.Lanes;

/// <summary>What callers of each kind may do: lanes, and rules that are tried in shadow mode first.</summary>
internal static class LanesModule
{
    /// <summary>Who may look.</summary>
    public static readonly string[] Readers = [StaffRoles.NameOf(StaffRole.PolicyEditor), StaffRoles.NameOf(StaffRole.Reviewer), StaffRoles.NameOf(StaffRole.Viewer)];

    /// <summary>Who may change.</summary>
    public static readonly string[] Editors = [StaffRoles.NameOf(StaffRole.PolicyEditor)];

    public static IServiceCollection AddLanes(this IServiceCollection services) => services
        .AddSingleton(provider => provider.GetRequiredService<IConfiguration>().GetSection("BotDetection:Lanes").Get<LaneOptions>() ?? new LaneOptions())
        .AddSingleton<LaneRates>()
        .AddSingleton<PartAdmission>()
        .AddSingleton<LanesInForce>()
        .AddHostedService(provider => provider.GetRequiredService<LanesInForce>())
        .AddSingleton<IValidator<LanePolicy>, LanePolicyValidator>()
        .AddSingleton<IValidator<CreateRule.Request>, CreateRule.Validator>()
        .AddSingleton<IValidator<ChangeRule.Request>, ChangeRule.Validator>()
        .AddSingleton<IValidator<LoadLabelledRows.Request>, LoadLabelledRows.Validator>();

    public static void MapLanes(this IEndpointRouteBuilder routes)
    {
        var lanes = routes.MapGroup("/v1/bot-detection").WithTags("Lanes");
        GetLanes.Map(lanes);
        SetLanes.Map(lanes);
        GetOwnLane.Map(lanes);
        LoadLabelledRows.Map(lanes);
        var rules = lanes.MapGroup("/rules");
        CreateRule.Map(rules);
        ListRules.Map(rules);
        ChangeRule.Map(rules);
        PreviewRule.Map(rules);
    }

    /// <summary>Holds callers to their lanes.</summary>
    public static void UseLanes(this IApplicationBuilder app)
    {
        var lanes = app.ApplicationServices.GetRequiredService<LanesInForce>();
        app.UseMiddleware<Admission>(() => lanes.Current);
    }

    /// <summary>Who is written down as having done something: the person where there is one.</summary>
    public static string ActorOf(AgentPrincipal agent) => agent.Subject ?? agent.ClientId ?? "administrator";
}
