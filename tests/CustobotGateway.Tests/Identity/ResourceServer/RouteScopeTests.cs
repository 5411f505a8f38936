using System.Net;
using CustobotGateway.Common.Http;
using CustobotGateway.Identity;
using CustobotGateway.Tests.Common;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.Identity.ResourceServer;

/// <summary>Every route of the API is tried with the scope that it needs, and with every other one.</summary>
public sealed class RouteScopeTests(TokenFixture gateway) : IClassFixture<TokenFixture>
{
    private IEnumerable<(string Method, string Path, RouteAccess Access)> Guarded =>
        from route in gateway.App.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
        where route.RoutePattern.RawText!.StartsWith("/v1", StringComparison.Ordinal)
        let access = route.Metadata.GetMetadata<RouteAccess>()!
        where access is { Scope: not null, IsPublicRead: false }
        from method in route.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods
        select (method, PathOf(route), access);

    [Fact]
    public async Task Token_with_every_other_scope_is_refused_and_told_the_one_that_is_needed()
    {
        Assert.NotEmpty(Guarded);
        foreach (var (method, path, access) in Guarded)
        {
            var others = GatewayScopes.All.Values.Where(scope => scope != access.Scope && access.Or.All(way => way.Scope != scope) && scope != CustobotGateway.Common.Scopes.Staff).ToArray();

            using var answer = await gateway.SendAsync(new HttpMethod(method), path, gateway.Signed(others));

            Assert.True(answer.StatusCode == HttpStatusCode.Forbidden, $"{method} {path} answered {(int)answer.StatusCode} without {access.Scope}");
            Assert.Contains($"scope=\"{access.Scope}\"", TokenFixture.ChallengesOf(answer)[0], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Token_with_the_scope_alone_is_let_through()
    {
        foreach (var (method, path, access) in Guarded.Where(route => route.Access is { AdministratorOnly: false, Roles: null }))
        {
            using var answer = await gateway.SendAsync(new HttpMethod(method), path, gateway.Signed(access.Scope!));

            Assert.False(answer.StatusCode is HttpStatusCode.Unauthorized, $"{method} {path} answered {(int)answer.StatusCode} with {access.Scope}");
            Assert.True((int)answer.StatusCode < 500, $"{method} {path} answered {(int)answer.StatusCode}");
            if (answer.StatusCode == HttpStatusCode.Forbidden)
            {
                // What the operation itself refuses: a scope alone buys nothing without a mandate, and live credentials try nothing out.
                Assert.Contains((await GatewayFixture.ReadJsonAsync(answer)).GetProperty("code").GetString(), (string?[])["mandate_required", "test_mode_only"]);
            }
        }
    }

    [Fact]
    public async Task Token_for_graphql_opens_no_route_of_rest()
    {
        var token = gateway.Signed(gateway.Token([.. GatewayScopes.Api.Values]) with { Audience = gateway.Issuer + "/graphql" });
        foreach (var (method, path, _) in Guarded)
        {
            using var answer = await gateway.SendAsync(new HttpMethod(method), path, token);

            Assert.True(answer.StatusCode == HttpStatusCode.Unauthorized, $"{method} {path} answered {(int)answer.StatusCode}");
        }
    }

    private static string PathOf(RouteEndpoint route) => string.Concat(route.RoutePattern.PathSegments.Select(segment => "/" + string.Concat(segment.Parts.Select(part =>
        part is RoutePatternLiteralPart literal ? literal.Content : part is RoutePatternSeparatorPart separator ? separator.Content : "x"))));
}
