using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace CustobotGateway.Console;

/// <summary>The pages on which the merchant's staff sees what machines do.</summary>
public static class ConsoleModule
{
    /// <summary>Registers the module.</summary>
    public static IServiceCollection AddConsole(this IServiceCollection services)
    {
        services.AddSingleton<IXmlRepository, ProtectionKeys>();
        services.AddDataProtection().SetApplicationName("custobot-gateway");
        services.AddOptions<KeyManagementOptions>().Configure<IXmlRepository>((options, keys) => options.XmlRepository = keys);
        services.AddSingleton<StaffSession>();
        return services;
    }

    /// <summary>Maps the module's routes.</summary>
    public static void MapConsole(this IEndpointRouteBuilder routes)
    {
        var staff = routes.MapGroup("/staff");
        StaffPages.Map(staff);
        CallerPages.Map(staff, routes);
        CasePages.Map(staff);
        WebhookPages.Map(staff);
        StaffPages.MapOutbox(routes);
    }
}
