"""Pages of 信息公告发布."""

urlpatterns = []
