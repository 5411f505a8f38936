using CustobotGateway.BotDetection.Agents;
using CustobotGateway.BotDetection.Decisions;
using CustobotGateway.BotDetection.Lanes;
using CustobotGateway.BotDetection.Recognition;
using CustobotGateway.BotDetection.Trust;
using FluentValidation;

namespace CustobotGateway.BotDetection;

/// <summary>Who calls: an agent that proves itself, one that says what it is, software that does not, a person.</summary>
public static class BotDetectionModule
{
    /// <summary>Registers the module.</summary>
    public static IServiceCollection AddBotDetection(this IServiceCollection services)
    {
        services.AddSingleton(provider => (provider.GetRequiredService<IConfiguration>().GetSection("BotDetection:Callers").Get<CallerOptions>() ?? new CallerOptions()).Check());
        services.AddSingleton<Visits>().AddSingleton<CallerSight>();
        services.AddSingleton<DecisionLog>().AddHostedService(provider => provider.GetRequiredService<DecisionLog>());
        services.AddSingleton<IValidator<ScoreCallers.Request>, ScoreCallers.Validator>();
        services.AddSingleton<IValidator<ScoreChats.Request>, ScoreChats.Validator>();
        services.AddSingleton<IValidator<LabelDecision.Request>, LabelDecision.Validator>();
        services.AddAgents().AddLanes().AddTrust();
        return services;
    }

    /// <summary>Recognises callers, before their credentials are looked at.</summary>
    public static void UseCallerRecognition(this IApplicationBuilder app)
    {
        if (app.ApplicationServices.GetRequiredService<CallerOptions>().Enabled)
        {
            app.UseMiddleware<CallerRecognition>();
        }
    }

    /// <summary>Takes credentials as proof, once they are recognised, and holds callers to their lanes.</summary>
    public static void UseCallerAdmission(this IApplicationBuilder app)
    {
        if (app.ApplicationServices.GetRequiredService<CallerOptions>().Enabled)
        {
            app.UseMiddleware<TokenProof>();
            app.UseLanes();
        }
    }

    /// <summary>Maps the module's routes.</summary>
    public static void MapBotDetection(this IEndpointRouteBuilder routes)
    {
        var detection = routes.MapGroup("/v1/bot-detection").WithTags("Bot detection");
        routes.MapAgents();
        ScoreCallers.Map(detection);
        ScoreChats.Map(detection);
        var decisions = detection.MapGroup("/decisions");
        ListDecisions.Map(decisions);
        GetDecision.Map(decisions);
        LabelDecision.Map(decisions);
        routes.MapLanes();
        routes.MapTrust();
    }
}
