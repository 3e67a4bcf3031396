"""The tutorial's own addresses. The labs have theirs in labs/urls.py."""

from django.urls import include, path

from .views import console, editing, flight_files, flights, inspector, lab, live, notebook, pages, recorded, rows

# Partials and actions of our own pages: htmx asks for them, and forms without JavaScript do.
ui_urls = [
    # /_ui/lab/: the lab frame
    path("lab/<slug:slug>/", lab.frame, name="lab_frame"),
    path("lab/<slug:slug>/fly/", lab.fly, name="fly"),
    path("lab/<slug:slug>/forget/", lab.forget, name="forget"),
    path("flights/<int:flight_id>/page/", lab.page, name="flight_page"),
    path("flights/recorded/<slug:recording>/", recorded.flight, name="flight_recorded"),
    # /_ui/notebook/: predictions and progress
    path("notebook/<slug:slug>/guess/", notebook.guess, name="guess"),
    path("notebook/<slug:slug>/reset/", notebook.reset, name="reset"),
    path("notebook/reset/", notebook.reset_all, name="reset_all"),
    # /_ui/edit/: one value, edited
    path("edit/follow/", editing.follow, name="edit_follow"),
    path("edit/<str:handle>/fly/", editing.fly, name="edit_fly"),
    path("edit/flight/", editing.last_flight, name="edit_flight"),
    # /_ui/rows/: the live table
    path("rows/", live.rows, name="rows"),
    path("rows/numbers/", rows.numbers, name="rows_numbers"),
    path("rows/count/", rows.count, name="rows_count"),
    path("rows/stream/", live.stream, name="rows_stream"),
    path("rows/<str:handle>/changes/", live.changes, name="row_changes"),
]

urlpatterns = [
    path("", pages.home, name="home"),
    path("lessons/<slug:slug>/", pages.lesson, name="lesson"),
    path("inspector/", inspector.index, name="inspector"),
    path("inspector/paste/", inspector.paste, name="inspector_paste"),
    path("inspector/edit/", editing.value, name="inspector_edit_value"),
    path("inspector/find/", rows.find, name="inspector_find"),
    path("inspector/download/json/", rows.download_json, name="inspector_json"),
    path("inspector/download/csv/", rows.download_csv, name="inspector_csv"),
    path("inspector/delete/mine/", rows.delete_mine, name="inspector_delete_mine"),
    path("inspector/delete/expired/", rows.delete_expired, name="inspector_delete_expired"),
    path("inspector/delete/row/<str:handle>/", rows.delete_row, name="inspector_delete_row"),
    path("inspector/<str:handle>/", inspector.row, name="inspector_row"),
    path("inspector/<str:handle>/edit/", editing.row, name="inspector_edit"),
    path("sql/", console.console, name="console"),
    path("flights/", flight_files.flights, name="flights"),
    path("flights/open/", flight_files.open_file, name="flight_open"),
    path("flights/<int:flight_id>/", flights.flight, name="flight"),
    path("flights/<int:flight_id>/json/", flight_files.download, name="flight_json"),
    path("flights/<int:flight_id>/with/<int:other_id>/", flight_files.compared, name="flights_compared"),
    path("_ui/", include(ui_urls)),
]
