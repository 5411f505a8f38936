using FluentValidation;

namespace CustobotGateway.BotDetection.Trust;

/// <summary>Trust that follows what operators do in the shop.</summary>
internal static class TrustModule
{
    public static IServiceCollection AddTrust(this IServiceCollection services) => services
        .AddSingleton(provider => (provider.GetRequiredService<IConfiguration>().GetSection("BotDetection:Trust").Get<TrustOptions>() ?? new TrustOptions()).Check())
        .AddSingleton<TrustScores>()
        .AddSingleton<TrustFollower>()
        .AddHostedService(provider => provider.GetRequiredService<TrustFollower>())
        .AddSingleton<IValidator<Appeals.Request>, Appeals.Validator>()
        .AddSingleton<IValidator<Appeals.DecisionRequest>, Appeals.DecisionValidator>();

    public static void MapTrust(this IEndpointRouteBuilder routes)
    {
        var trust = routes.MapGroup("/v1/bot-detection/trust").WithTags("Lanes");
        GetTrust.Map(trust);
        Appeals.Map(trust);
    }
}
