using System.Security.Cryptography;
using System.Text;
using CustobotGateway.Common;
using Microsoft.AspNetCore.DataProtection;

namespace CustobotGateway.Console;

/// <summary>
/// The cookie that stands for a person who showed the administrator's token: the token's digest, sealed by data protection with its
/// own end, so that it ends with the token that opened it. The framework's cookie scheme is not used: registering it puts its
/// middleware before every request, searches included.
/// </summary>
internal sealed class StaffSession(GatewaySettings settings, IDataProtectionProvider protection)
{
    public const string LoginPath = "/staff/login";

    private const string CookieName = "gateway_staff";
    private static readonly TimeSpan Validity = TimeSpan.FromHours(8);

    private readonly string _digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(settings.AdminToken)));
    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("CustobotGateway.Console.StaffSession").ToTimeLimitedDataProtector();

    public void Open(HttpContext context) => context.Response.Cookies.Append(CookieName, _protector.Protect(_digest, Validity), OptionsFor(context));

    public void Close(HttpContext context) => context.Response.Cookies.Delete(CookieName, OptionsFor(context));

    public bool IsOpen(HttpContext context)
    {
        if (context.Request.Cookies[CookieName] is not { } cookie)
        {
            return false;
        }
        try
        {
            return _protector.Unprotect(cookie) == _digest;
        }
        catch (CryptographicException)
        {
            // Expired, forged, or sealed with a key that is gone: the same to us.
            return false;
        }
    }

    private CookieOptions OptionsFor(HttpContext context) => new()
    {
        Path = "/staff",
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = context.Request.IsHttps || settings.IsPublishedSecurely,
    };
}
