using CustobotGateway.Common.Http;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CustobotGateway.Common.Pages;

/// <summary>What all pages for people share: the renderer, the style sheet, form tokens and the headers that keep other sites out.</summary>
public static class PageSetup
{
    /// <summary>The style sheet's address.</summary>
    public const string StyleSheet = "/pages.css";

    /// <summary>Registers the renderer and the form tokens.</summary>
    public static IServiceCollection AddPages(this IServiceCollection services)
    {
        services.AddRazorComponents();
        services.AddOptions<AntiforgeryOptions>().Configure<GatewaySettings>((options, settings) =>
        {
            options.Cookie.Name = settings.IsPublishedSecurely ? "__Host-gateway_form" : "gateway_form";
            options.Cookie.Path = "/";
            // Lax comes along when another site sends a person here, as every authorization request does; it never comes along with a form of another site.
            options.Cookie.SameSite = SameSiteMode.Lax;
            options.Cookie.SecurePolicy = settings.IsPublishedSecurely ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
            // The pages' own policy forbids framing already.
            options.SuppressXFrameOptionsHeader = true;
        });
        return services;
    }

    /// <summary>Maps the style sheet.</summary>
    public static void MapPages(this IEndpointRouteBuilder routes) =>
        routes.MapGet(StyleSheet, SendStyleSheet).ExcludeFromDescription().AllowPublic().AddEndpointFilter<SecureHeaders>();

    private static FileStreamHttpResult SendStyleSheet(HttpContext context)
    {
        context.Response.Headers.CacheControl = "public, max-age=300";
        return TypedResults.Stream(typeof(PageSetup).Assembly.GetManifestResourceStream("CustobotGateway.Common.Pages.pages.css")!, "text/css; charset=utf-8");
    }
}
