using CustobotGateway.Common.Pages;
using CustobotGateway.Identity.People;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CustobotGateway.Console;

/// <summary>Which of the staff may open a page.</summary>
internal static class RequireStaffExtensions
{
    /// <summary>Only people with one of the roles, administrators, and whoever showed the administrator's token; others are sent to the login or refused.</summary>
    public static TBuilder RequireStaff<TBuilder>(this TBuilder route, params StaffRole[] roles)
        where TBuilder : IEndpointConventionBuilder => route.AddEndpointFilter<TBuilder, StaffFilter>().WithMetadata(new StaffRoles(roles));

    private sealed record StaffRoles(IReadOnlyList<StaffRole> Roles);

    private sealed class StaffFilter(StaffSession session, PersonSessions people) : IEndpointFilter
    {
        public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
        {
            var context = invocation.HttpContext;
            var person = await people.FindAsync(context, context.RequestAborted);
            if (session.IsOpen(context))
            {
                return await next(invocation);
            }
            if (person is not { IsStaff: true })
            {
                return PageForm.SeeOther(context, StaffSession.LoginPath);
            }
            var asked = context.GetEndpoint()!.Metadata.GetRequiredMetadata<StaffRoles>();
            return Identity.People.StaffRoles.Allow(person.Roles, [.. asked.Roles])
                ? await next(invocation)
                : new RazorComponentResult<RefusedPage> { StatusCode = StatusCodes.Status403Forbidden };
        }
    }
}
