using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using CustobotGateway.Common;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace CustobotGateway.Console;

/// <summary>The cookie that stands for a person who showed the administrator's token. It ends with the token that opened it.</summary>
internal static class StaffSession
{
    public const string Scheme = "staff";
    public const string LoginPath = "/staff/login";

    private const string TokenClaim = "token_digest";
    private static readonly TimeSpan Validity = TimeSpan.FromHours(8);

    public static void Configure(CookieAuthenticationOptions options, GatewaySettings settings)
    {
        options.Cookie.Name = "gateway_staff";
        options.Cookie.Path = "/staff";
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Strict;
        options.Cookie.SecurePolicy = SecurePolicyOf(settings);
        options.ExpireTimeSpan = Validity;
        options.SlidingExpiration = false;
    }

    /// <summary>Behind a proxy that ends TLS the request itself looks plain; the public URL tells.</summary>
    public static CookieSecurePolicy SecurePolicyOf(GatewaySettings settings) =>
        settings.PublicUrl?.StartsWith("https:", StringComparison.OrdinalIgnoreCase) == true ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;

    public static Task OpenAsync(HttpContext context, GatewaySettings settings) => context.SignInAsync(
        Scheme, new ClaimsPrincipal(new ClaimsIdentity([new Claim(TokenClaim, DigestOf(settings))], Scheme)));

    public static Task CloseAsync(HttpContext context) => context.SignOutAsync(Scheme);

    public static async Task<bool> IsOpenAsync(HttpContext context, GatewaySettings settings) =>
        (await context.AuthenticateAsync(Scheme)).Principal?.FindFirst(TokenClaim) is { } claim && claim.Value == DigestOf(settings);

    private static string DigestOf(GatewaySettings settings) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(settings.AdminToken)));
}
