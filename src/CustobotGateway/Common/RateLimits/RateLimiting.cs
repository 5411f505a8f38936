using System.Globalization;
using CustobotGateway.Common.Http;

namespace CustobotGateway.Common.RateLimits;

/// <summary>
/// After recognition: holds callers to the limits of the endpoint's group and tells them what is left, in the headers RateLimit and RateLimit-Policy
/// (draft-ietf-httpapi-ratelimit-headers). A group without limits costs the look at two pieces of metadata.
/// </summary>
internal sealed class RateLimiting(RequestDelegate next, RateWindows windows, RateLimitOptions options)
{
    private static readonly Remedy Wait = new("Wait for the seconds in Retry-After; RateLimit-Policy says how many requests are let through in how many seconds.");

    private readonly RateGroupOptions[] _groups = [.. Enum.GetValues<RateGroup>().Select(options.Of)];

    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is not { } endpoint)
        {
            return next(context);
        }
        var group = RateGroupExtensions.GroupOf(endpoint);
        var of = _groups[(int)group];
        return of.IsUnlimited ? next(context) : of.FailuresOnly ? CountFailuresAsync(context, group) : CountAsync(context, group);
    }

    private async Task CountAsync(HttpContext context, RateGroup group)
    {
        var answer = await windows.AskAsync(context, group, permits: 1);
        Tell(context, answer);
        await (answer is { Lease.IsAcquired: false } ? RefuseAsync(context, answer) : next(context));
    }

    private async Task CountFailuresAsync(HttpContext context, RateGroup group)
    {
        if (await windows.AskAsync(context, group, permits: 0) is { Lease.IsAcquired: false } over)
        {
            Tell(context, over);
            await RefuseAsync(context, over);
            return;
        }
        await next(context);
        if (context.Response.StatusCode is >= 400 and < 500)
        {
            await windows.AskAsync(context, group, permits: 1);
        }
    }

    private static void Tell(HttpContext context, RateWindows.Answer? answer)
    {
        if (answer is not null)
        {
            var headers = context.Response.Headers;
            headers["RateLimit-Policy"] = string.Create(CultureInfo.InvariantCulture, $"\"{answer.Name}\";q={answer.Limit.Permits};w={answer.Limit.WindowSeconds}");
            headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture, $"\"{answer.Name}\";r={answer.Lease.Remaining};t={answer.Lease.ResetSeconds}");
        }
    }

    private static Task RefuseAsync(HttpContext context, RateWindows.Answer answer)
    {
        context.Response.Headers.CacheControl = "no-store";
        return CommonProblems.TooManyRequests.With(
            $"{answer.Limit.Permits} requests in {answer.Limit.WindowSeconds} seconds are let through here, and these were more.",
            remedy: Wait, retryAfterSeconds: answer.Lease.ResetSeconds).AnswerAsync(context);
    }
}

/// <summary>Registers and adds the limits.</summary>
internal static class RateLimitSetup
{
    public static IServiceCollection AddRateLimits(this IServiceCollection services) => services
        .AddSingleton(provider => (provider.GetRequiredService<IConfiguration>().GetSection("RateLimits").Get<RateLimitOptions>() ?? new RateLimitOptions()).Check())
        .AddSingleton<RateWindows>();
}
